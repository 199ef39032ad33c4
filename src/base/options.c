/*
 * Options: see options.h. One table says it all: the name, the kind, where the value goes, its range, its help. The
 * environment name follows from the option's: --public-url is PICLOG_PUBLIC_URL.
 */
#include "options.h"

#include "lang.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, BYTES, BYTES_SIGNED, SWITCH, LISTEN, PROXY, SIGNUP, URL, RATES, ADDRESSES };

static const struct option {
    const char *name, *value;
    enum kind kind;
    size_t at;
    long long least, most; /* of a number */
    const char *help;
} options[] = {
#define AT(field) offsetof(struct config, field)
    {"data", "DIR", TEXT, AT(data_folder), .help = N_("folder of the database [data]")},
    {"listen", "ADDR:PORT", LISTEN, 0, .help = N_("where to listen; port 0 is any free one [127.0.0.1:8080]")},
    {"public-url", "URL", URL, AT(public_url), .help = N_("the address people type [http://ADDR:PORT]")},
    {"site-name", "NAME", TEXT, AT(site_name), .help = N_("what it is called [piclog]")},
    {"motto", "WORDS", TEXT, AT(motto), .help = N_("under the wordmark")},
    {"signup", "open|invite|closed", SIGNUP, AT(signup), .help = N_("who may join [invite]")},
    {"contact", "ADDRESS", TEXT, AT(contact), .help = N_("of whoever runs it: an e-mail address or a page")},
    {"rules", "FILE", TEXT, AT(rules_file), .help = N_("the rules, in Markdown")},
    {"name-rest", "DAYS", NUMBER, AT(name_rest_days), 0, 36500,
     N_("that nobody can take the name of a closed account, 0: none [365]")},
    {"templates", "DIR", TEXT, AT(templates_folder), .help = N_("replacements for templates and static files")},
    {"user", "NAME", TEXT, AT(user), .help = N_("whom to become after binding, when started as root")},
    {"trusted-proxy", "ADDR[/BITS]", PROXY, 0,
     .help = N_("believe X-Forwarded-For and -Proto from there; may be repeated")},
    {"rate-limits", "on|off", SWITCH, AT(rate_limits), .help = N_("limits per address and account [on]")},
    {"rate", "CLASS=BURST/SECONDS", RATES, 0,
     .help = N_("of read, write, upload, sign_in, sign_up, search, report, guess; may be repeated")},
    {"log-requests", "on|off", SWITCH, AT(log_requests), .help = N_("a line on standard output for each request [on]")},
    {"threads", "N", NUMBER, AT(threads), 1, 64, N_("that answer requests [processors]")},
    {"connections", "N", NUMBER, AT(connections), 8, 100000, N_("at the same time [1000]")},
    {"connections-per-address", "N", NUMBER, AT(connections_per_address), 1, 100000, N_("of one client [128]")},
    {"streams", "N", NUMBER, AT(streams), 0, 100000, N_("that stay open for news (/live) [half of the connections]")},
    {"timeout", "SECONDS", NUMBER, AT(timeout_s), 1, 3600, N_("for a silent client [30]")},
    {"workers", "N", NUMBER, AT(workers), 1, 64, N_("pictures crushed at the same time [processors]")},
    {"deadline", "SECONDS", NUMBER, AT(deadline_s), 1, 600, N_("for a worker and one picture [20]")},
    {"queue", "N", NUMBER, AT(queue), 0, 1024, N_("uploads that may wait for a worker [64]")},
    {"upload-bytes", "BYTES", BYTES, AT(upload_bytes), 1000, 160000000, N_("the largest picture [64M]")},
    {"max-pixels", "PIXELS", BYTES, AT(max_pixels), 1, 1000000000,
     N_("width times height of the largest picture, such as 200M for new phones [100M]")},
    {"uploads-in-flight", "BYTES", BYTES, AT(uploads_in_flight_bytes), 1000000, 16000000000, N_("all of them [256M]")},
    {"quota", "BYTES", BYTES_SIGNED, AT(quota_bytes), 0, 1000000000000,
     N_("crushed pictures of one account, 0: no end [100M]")},
    {"reserve", "BYTES", BYTES, AT(reserve_bytes), 0, 1000000000,
     N_("of the disk, kept for deletions and sign-ins when it is full, 0: none [16M]")},
    {"webhook-allow-private", "on|off", SWITCH, AT(webhook_allow_private),
     .help = N_("webhooks may call private addresses: for tests and intranets only [off]")},
    {"webhook-retry", "SECONDS", NUMBER, AT(webhook_retry_s), 1, 3600,
     N_("before a failed webhook is called again [30]")},
    {"purge", "URL[,URL...]", ADDRESSES, 0,
     .help = N_("caches in front, such as http://127.0.0.1:6081, which get a PURGE for what is gone; at most 8")},
    {"page-cache", "BYTES", BYTES, AT(page_cache_bytes), 0, 1000000000, "[8M]"},
    {"image-cache", "BYTES", BYTES, AT(image_cache_bytes), 0, 1000000000, "[16M]"},
};
enum { OPTION_COUNT = sizeof options / sizeof options[0] };

__attribute__((format(printf, 3, 4))) static int fail(char *message, size_t message_bytes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(message, message_bytes, tr(format), args);
    va_end(args);
    return -1;
}

/* "64M", "12k", "100": decimal multiples. -1 when it is none. */
static long long read_number(const char *text, int with_unit)
{
    char *end;
    if (!isdigit((unsigned char)*text) || strlen(text) > 15)
        return -1;
    long long number = strtoll(text, &end, 10);
    if (with_unit && *end && !end[1]) {
        static const char units[] = "kMG";
        const char *unit = strchr(units, *end == 'K' ? 'k' : *end);
        if (unit) {
            for (const char *at = units; at <= unit; at++)
                number = number > 1000000000000 ? -1 : number * 1000;
            end++;
        }
    }
    return *end ? -1 : number;
}

static int read_network(const char *text, struct config_network *ret_network)
{
    char address[64];
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    struct in_addr four;
    struct config_network network = {.prefix_bits = 128};
    if (!length || length >= sizeof address)
        return -1;
    memcpy(address, text, length);
    address[length] = '\0';
    long long bits = slash ? read_number(slash + 1, 0) : -1;
    if (inet_pton(AF_INET, address, &four) == 1) {
        if (slash && (bits < 0 || bits > 32))
            return -1;
        network.address[10] = network.address[11] = 0xFF;
        memcpy(network.address + 12, &four, 4);
        network.prefix_bits = slash ? 96 + (int)bits : 128;
    } else if (inet_pton(AF_INET6, address, network.address) == 1) {
        if (slash && (bits < 0 || bits > 128))
            return -1;
        network.prefix_bits = slash ? (int)bits : 128;
    } else {
        return -1;
    }
    *ret_network = network;
    return 0;
}

/* ADDR:PORT, [ADDR]:PORT; the address is kept for the life of the process. */
static int read_listen(const char *text, struct config *config)
{
    const char *colon = strrchr(text, ':');
    long long port = colon ? read_number(colon + 1, 0) : -1;
    if (!colon || colon == text || port < 0 || port > 65535)
        return -1;
    size_t length = (size_t)(colon - text);
    if (text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    static char address[64];
    if (length >= sizeof address)
        return -1;
    memcpy(address, text, length);
    address[length] = 0;
    struct config_network ignored;
    if (strcmp(address, "localhost") == 0)
        config->listen_address = "127.0.0.1";
    else if (read_network(address, &ignored) == 0 && !strchr(address, '/'))
        config->listen_address = address;
    else
        return -1;
    config->listen_port = (int)port;
    return 0;
}

/* "sign_in=10/30 search=30/0.5", separated by spaces or commas; "report=0": none. */
static int read_rates(const char *text, struct config *config)
{
    while (*text) {
        const char *equals = strchr(text, '=');
        char *end;
        int rate = RATE_NONE + 1;
        if (!equals || !isdigit((unsigned char)equals[1]))
            return -1;
        while (rate < RATE_CLASSES && (strlen(config_rate_name((enum rate_class)rate)) != (size_t)(equals - text) ||
                                       memcmp(config_rate_name((enum rate_class)rate), text, (size_t)(equals - text))))
            rate++;
        long burst = strtol(equals + 1, &end, 10);
        double seconds = burst ? 0 : 1;
        if (*end == '/' && isdigit((unsigned char)end[1]))
            seconds = strtod(end + 1, &end);
        if (rate == RATE_CLASSES || burst > 100000 || !(seconds >= 0.001 && seconds <= 86400) ||
            (*end && !strchr(" ,", *end)))
            return -1;
        config->rates[rate] = (struct rate_limit){(int)burst, (int)(seconds * 1000 + 0.5)};
        text = end + strspn(end, " ,");
    }
    return 0;
}

static int read_url(const char *text)
{
    size_t length = strlen(text);
    const char *host = strncmp(text, "https://", 8) == 0  ? text + 8
                       : strncmp(text, "http://", 7) == 0 ? text + 7
                                                          : NULL;
    if (!host || !*host || length > 250 || text[length - 1] == '/')
        return -1;
    for (const char *at = host; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr(".-:[]", *at))
            return -1;
    return 0;
}

/* A list with commas. Replaces what the environment said. */
static int read_purge(const char *text, struct config *config)
{
    static char addresses[CONFIG_PURGE_MAX][CONFIG_ADDRESS_MAX_BYTES + 1];
    int count = 0;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",");
        char address[CONFIG_ADDRESS_MAX_BYTES + 1];
        if (count == CONFIG_PURGE_MAX || length > CONFIG_ADDRESS_MAX_BYTES)
            return -1;
        memcpy(address, at, length);
        address[length] = '\0';
        if (read_url(address) != 0)
            return -1;
        const char *host = strstr(address, "://") + 3, *bracket = strchr(host, ']');
        const char *colon = strchr(bracket ? bracket : host, ':');
        if (colon && (read_number(colon + 1, 0) < 1 || read_number(colon + 1, 0) > 65535))
            return -1;
        memcpy(addresses[count++], address, sizeof address);
        at += length;
        if (!*at)
            break;
    }
    for (int i = 0; i < count; i++)
        config->purge[i] = addresses[i];
    config->purge_count = count;
    return 0;
}

static int set(const struct option *option, const char *source, const char *value, struct config *config, char *message,
               size_t message_bytes)
{
    char *field = (char *)config + option->at;
    long long number;
    switch (option->kind) {
    case TEXT:
        if (!*value)
            return fail(message, message_bytes, "%s is empty, it takes %s", source, option->value);
        memcpy(field, &value, sizeof value);
        return 0;
    case NUMBER:
    case BYTES:
    case BYTES_SIGNED:
        number = read_number(value, option->kind != NUMBER);
        if (number < option->least || number > option->most)
            return fail(message, message_bytes, "%s is \"%s\", not a number from %lld to %lld", source, value,
                        option->least, option->most);
        if (option->kind == NUMBER)
            memcpy(field, &(int){(int)number}, sizeof(int));
        else if (option->kind == BYTES)
            memcpy(field, &(size_t){(size_t)number}, sizeof(size_t));
        else
            memcpy(field, &(int64_t){number}, sizeof(int64_t));
        return 0;
    case SWITCH:
        if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
            return fail(message, message_bytes, "%s is \"%s\", not on or off", source, value);
        memcpy(field, &(int){strcmp(value, "on") == 0}, sizeof(int));
        return 0;
    case LISTEN:
        return read_listen(value, config) == 0
                   ? 0
                   : fail(message, message_bytes, "%s is \"%s\", not ADDR:PORT such as 127.0.0.1:8080 or [::1]:8080",
                          source, value);
    case PROXY:
        if (config->trusted_proxy_count == CONFIG_TRUSTED_PROXIES_MAX)
            return fail(message, message_bytes, "%s: at most %d proxies", source, CONFIG_TRUSTED_PROXIES_MAX);
        if (read_network(value, &config->trusted_proxies[config->trusted_proxy_count]) != 0)
            return fail(message, message_bytes, "%s is \"%s\", not an address such as 127.0.0.1 or 10.0.0.0/8", source,
                        value);
        config->trusted_proxy_count++;
        return 0;
    case SIGNUP: {
        static const char *const words[] = {
            [SIGNUP_OPEN] = "open", [SIGNUP_INVITE] = "invite", [SIGNUP_CLOSED] = "closed"};
        for (int i = 0; i < 3; i++)
            if (strcmp(value, words[i]) == 0) {
                config->signup = (enum signup)i;
                config->is_signup_given = 1;
                return 0;
            }
        return fail(message, message_bytes, "%s is \"%s\", not open, invite or closed", source, value);
    }
    case RATES:
        return read_rates(value, config) == 0
                   ? 0
                   : fail(message, message_bytes, "%s is \"%s\", not CLASS=BURST/SECONDS such as sign_in=10/30", source,
                          value);
    case ADDRESSES:
        return read_purge(value, config) == 0
                   ? 0
                   : fail(message, message_bytes,
                          "%s is \"%s\", not at most %d addresses such as http://127.0.0.1:6081, without a path or a "
                          "slash at the end, separated by commas",
                          source, value, CONFIG_PURGE_MAX);
    case URL:
        if (read_url(value) != 0)
            return fail(
                message, message_bytes,
                "%s is \"%s\", not an address such as https://pics.example, without a path or a slash at the end",
                source, value);
        memcpy(field, &value, sizeof value);
        return 0;
    }
    return -1;
}

static int read_environment(struct config *config, char *message, size_t message_bytes)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        char name[64] = "PICLOG_";
        size_t at = strlen(name);
        for (const char *c = options[i].name; *c; c++)
            name[at++] = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        const char *value = getenv(name);
        if (value && set(&options[i], name, value, config, message, message_bytes) != 0)
            return -1;
    }
    return 0;
}

static const struct option *find(const char *name, size_t length)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (strlen(options[i].name) == length && memcmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}

int options_read(int argc, char **argv, struct config *config, struct operands *ret_operands, char *message,
                 size_t message_bytes)
{
    struct operands operands = {0};
    if (read_environment(config, message, message_bytes) != 0)
        return -1;
    int proxies_of_environment = config->trusted_proxy_count;
    for (int i = 1, only_operands = 0; i < argc; i++) {
        const char *arg = argv[i];
        if (only_operands || arg[0] != '-' || !arg[1]) {
            if (operands.count == OPERANDS_MAX)
                return fail(message, message_bytes, "too many arguments from \"%s\" on", arg);
            operands.items[operands.count++] = arg;
        } else if (strcmp(arg, "--") == 0) {
            only_operands = 1;
        } else if (strcmp(arg, "--admin") == 0) {
            operands.is_admin = 1;
        } else if (strcmp(arg, "--force") == 0) {
            operands.force = 1;
        } else if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
            operands.wants_help = 1;
        } else if (strcmp(arg, "--version") == 0 || strcmp(arg, "-V") == 0) {
            operands.wants_version = 1;
        } else {
            const char *equals = strchr(arg, '=');
            size_t length = equals ? (size_t)(equals - arg) : strlen(arg);
            const struct option *option = length > 2 && arg[1] == '-' ? find(arg + 2, length - 2) : NULL;
            char source[64];
            if (!option)
                return fail(message, message_bytes, "there is no option %.*s; see piclog --help", (int)length, arg);
            const char *value = equals ? equals + 1 : i + 1 < argc ? argv[++i] : NULL;
            if (!value)
                return fail(message, message_bytes, "--%s needs a value: %s", option->name, option->value);
            /* The command line replaces the environment, also where an option adds up. */
            if (option->kind == PROXY && proxies_of_environment) {
                config->trusted_proxy_count = proxies_of_environment = 0;
            }
            snprintf(source, sizeof source, "--%s", option->name);
            if (set(option, source, value, config, message, message_bytes) != 0)
                return -1;
        }
    }
    *ret_operands = operands;
    return 0;
}

void options_help(FILE *out)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        char head[64];
        snprintf(head, sizeof head, "--%s %s", options[i].name, options[i].value);
        fprintf(out, "  %-32s %s\n", head, tr(options[i].help));
    }
}
