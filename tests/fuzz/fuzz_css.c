/*
 * Profile CSS: saved through the settings, given back as a stylesheet of its own. Whatever it holds, it must be taken
 * or refused in words, never come out as markup on the page, and never end the stylesheet of the embeds (colours, font
 * and size out of the address: the bytes before the first newline).
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "service.h"
#include "view/linkify.h"

enum { CSS_MAX_BYTES = 20000 };

static void ask_embed(const char *bytes, size_t size)
{
    static const char *const names[] = {"fg", "bg", "link", "font", "size", "center"};
    struct buf target = {0}, css = {0};
    char *value = strndup(bytes, size < 200 ? size : 200);
    buf_printf(&target, "/embed/style.css?%s=", names[size % 6]);
    linkify_encode(value, &target);
    if (service_ask(METHOD_GET, target.data, NULL, NULL, 0, &css) == 200) {
        int depth = 0;
        for (size_t i = 0; i < css.size_bytes; i++) {
            depth += (css.data[i] == '{') - (css.data[i] == '}');
            if (depth < 0 || depth > 1)
                abort(); /* a value never opens or closes a rule */
        }
        if (depth || strstr(css.data, "url(") || strchr(css.data, '<') || strchr(css.data, '@'))
            abort();
    }
    free(value);
    buf_free(&target);
    buf_free(&css);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *newline = size ? memchr(text, '\n', size) : NULL;
    ask_embed(text, newline ? (size_t)(newline - text) : size);

    struct buf form = {0}, css = {0}, page = {0};
    char *value = strndup(text, size);
    buf_puts(&form, "display_name=p&homepage=&about=&css=");
    linkify_encode(value, &form);
    int status =
        service_ask(METHOD_POST, "/settings", "application/x-www-form-urlencoded", form.data, form.size_bytes, NULL);
    if (status != 303 && status != 200 && status != 422 && status != 400 && status != 413)
        abort();
    if (service_ask(METHOD_GET, "/~potato/style.css", NULL, NULL, 0, &css) != 200 || css.size_bytes > CSS_MAX_BYTES)
        abort();
    if (service_ask(METHOD_GET, "/~potato", NULL, NULL, 0, &page) != 200)
        abort();
    free(value);
    buf_free(&form);
    buf_free(&css);
    buf_free(&page);
    return 0;
}
