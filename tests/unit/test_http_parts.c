/* The parsing parts of the HTTP adapter: multipart, conditional requests, ranges, addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "http/address.h"
#include "http/conditional.h"
#include "http/multipart.h"

/* ---- Multipart ------------------------------------------------------------------------------- */

static int note_begin(void *context, const struct multipart_part *part)
{
    buf_printf(context, "[%s %.*s", part->is_file ? "file" : "field", (int)part->name_bytes, part->name);
    if (part->file_name_bytes)
        buf_printf(context, " \"%.*s\"", (int)part->file_name_bytes, part->file_name);
    buf_puts(context, ":");
    return 0;
}

static int note_data(void *context, const char *bytes, size_t size_bytes)
{
    buf_append(context, bytes, size_bytes);
    return 0;
}

static int note_end(void *context)
{
    buf_puts(context, "]");
    return 0;
}

static int stop_at_data(void *context, const char *bytes, size_t size_bytes)
{
    (void)context, (void)bytes, (void)size_bytes;
    return 1;
}

/* Feeds body in steps and compares what came out. */
static void check(const char *body, size_t size_bytes, const char *boundary, const char *expected,
                  enum multipart_status status)
{
    for (size_t step = 1; step <= size_bytes + 1; step = step < 40 ? step + 1 : step * 2) {
        struct buf notes = {0};
        struct multipart multipart;
        struct multipart_sink sink = {note_begin, note_data, note_end, &notes};
        enum multipart_status got = MULTIPART_OK;
        assert_int_equal(multipart_init(&multipart, boundary, &sink), 0);
        for (size_t at = 0; at < size_bytes && !got; at += step)
            got = multipart_feed(&multipart, body + at, size_bytes - at < step ? size_bytes - at : step);
        if (!got)
            got = multipart_finish(&multipart);
        assert_int_equal(got, status);
        if (status == MULTIPART_OK)
            assert_string_equal(notes.data ? notes.data : "", expected);
        multipart_free(&multipart);
        buf_free(&notes);
    }
}

static void check_text(const char *body, const char *expected, enum multipart_status status)
{
    check(body, strlen(body), "b", expected, status);
}

static void test_multipart(void **state)
{
    (void)state;
    check_text("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b\r\n"
               "content-disposition:form-data;name=f;filename=\"x.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
               "two\r\n--\r\n-b\r\n--b--\r\nepilogue",
               "[field a:one][file f \"x.jpg\":two\r\n--\r\n-b]", MULTIPART_OK);
    check_text("preamble\r\n--b \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b--", "[field a:]",
               MULTIPART_OK);
    check_text("--b\r\nContent-Disposition: form-data; filename*=UTF-8''x; name=\"a;b\"\r\n\r\nx\r\n--b--",
               "[file a;b:x]", MULTIPART_OK);
    /* headers that go on in the next line */
    check_text("--b\r\nContent-Disposition: form-data;\r\n name=\"a\";\r\n\tfilename=\"x\"\r\n\r\none\r\n--b--",
               "[file a \"x\":one]", MULTIPART_OK);
    check_text("--b\r\nContent-Disposition:\r\n form-data; name=a\r\nX: y\r\n z\r\n\r\none\r\n--b--", "[field a:one]",
               MULTIPART_OK);
    check_text("--b\r\nX: y\r\n Content-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b--", "",
               MULTIPART_MALFORMED);
    check_text("--b\r\nContent-Disposition: form-data; name=\"a\r\n b\"\r\n\r\none\r\n--b--", "", MULTIPART_MALFORMED);
    /* a picture is a file, also without a file name */
    check_text("--b\r\nContent-Disposition: form-data; name=a\r\nContent-Type: image/png\r\n\r\none\r\n--b--",
               "[file a:one]", MULTIPART_OK);
    check_text("--b\r\ncontent-type:\r\n IMAGE/png\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--b--",
               "[file a:one]", MULTIPART_OK);
    check_text("--b\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/plain\r\n\r\none\r\n--b--",
               "[field a:one]", MULTIPART_OK);
    check_text("--b--", "", MULTIPART_OK);
    check_text("", "", MULTIPART_MALFORMED);
    check_text("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none", "", MULTIPART_MALFORMED);
    check_text("--b\r\nContent-Disposition: form-data\r\n\r\none\r\n--b--", "", MULTIPART_MALFORMED);
    check_text("--b\r\n\r\none\r\n--b--", "", MULTIPART_MALFORMED);
    check_text("--b\r\nX: y\r\n\r\none\r\n--b--", "", MULTIPART_MALFORMED);
    check_text("--bx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b--", "", MULTIPART_MALFORMED);
    check("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\0x\r\n--b--", 58, "b", "[field a:", MULTIPART_OK);
}

static void test_multipart_limits(void **state)
{
    struct buf body = {0};
    struct multipart multipart;
    char boundary[80];
    struct multipart_sink sink = {note_begin, stop_at_data, note_end, &body};
    (void)state;
    memset(boundary, 'b', sizeof boundary);
    boundary[71] = 0;
    assert_int_equal(multipart_init(&multipart, boundary, &sink), -1);
    assert_int_equal(multipart_init(&multipart, "", &sink), -1);
    buf_puts(&body, "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nX: ");
    for (int i = 0; i < 5000; i++)
        buf_putc(&body, 'x');
    buf_puts(&body, "\r\n\r\none\r\n--b--");
    check(body.data, body.size_bytes, "b", "", MULTIPART_MALFORMED);
    buf_clear(&body);
    /* headers that never end are refused while they come, not kept until the end of the body */
    assert_int_equal(multipart_init(&multipart, "b", &sink), 0);
    assert_int_equal(multipart_feed(&multipart, "--b\r\nX: ", 8), MULTIPART_OK);
    char chunk[1000];
    enum multipart_status status = MULTIPART_OK;
    size_t fed = 0;
    memset(chunk, 'x', sizeof chunk);
    for (; !status && fed < 100000; fed += sizeof chunk)
        status = multipart_feed(&multipart, chunk, sizeof chunk);
    assert_int_equal(status, MULTIPART_MALFORMED);
    assert_in_range(fed, MULTIPART_HEADERS_MAX - sizeof chunk, MULTIPART_HEADERS_MAX + sizeof chunk);
    multipart_free(&multipart);
    assert_int_equal(multipart_init(&multipart, "b", &sink), 0);
    const char text[] = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nsome text that is long enough";
    assert_int_equal(multipart_feed(&multipart, text, sizeof text - 1), MULTIPART_STOPPED);
    multipart_free(&multipart);
    buf_free(&body);
}

/* ---- Conditional requests and ranges --------------------------------------------------------- */

static void test_conditional(void **state)
{
    uint64_t first = 0, last = 0;
    const char *tag = "\"abc\"";
    const struct {
        struct conditional_headers headers;
        int status;
    } cases[] = {
        {{0}, 200},
        {{.if_none_match = "\"abc\""}, 304},
        {{.if_none_match = "W/\"abc\""}, 304},
        {{.if_none_match = "\"abc-gz\""}, 304},
        {{.if_none_match = "\"x\" , \"abc\""}, 304},
        {{.if_none_match = "*"}, 304},
        {{.if_none_match = "\"ab\""}, 200},
        {{.if_none_match = "abc"}, 200},
        {{.if_none_match = "\"unclosed"}, 200},
        {{.if_match = "\"abc\""}, 200},
        {{.if_match = "W/\"abc\""}, 412},
        {{.if_match = "\"x\""}, 412},
        {{.if_modified_since = "Sun, 06 Nov 1994 08:49:37 GMT"}, 304},
        {{.if_modified_since = "Sun, 06 Nov 1994 08:49:36 GMT"}, 200},
        {{.if_modified_since = "Sun, 06 Nov 1994 08:49:37 GMT", .if_none_match = "\"x\""}, 200},
        {{.if_modified_since = "yesterday"}, 200},
        {{.if_unmodified_since = "Sun, 06 Nov 1994 08:49:36 GMT"}, 412},
        {{.range = "bytes=0-1", .if_range = "\"abc\""}, 206},
        {{.range = "bytes=0-1", .if_range = "\"x\""}, 200},
        {{.range = "bytes=0-1", .if_range = "Sun, 06 Nov 1994 08:49:37 GMT"}, 206},
        {{.range = "bytes=0-1", .if_range = "Sun, 06 Nov 1994 08:49:36 GMT"}, 200},
        {{.range = "bytes=0-1", .if_none_match = "\"abc\""}, 304},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(conditional_evaluate(&cases[i].headers, tag, 784111777, 100, &first, &last), cases[i].status);
    assert_int_equal(conditional_evaluate(&cases[1].headers, NULL, 0, 100, &first, &last), 200);
    assert_int_equal(conditional_evaluate(&cases[9].headers, NULL, 0, 100, &first, &last), 412);
}

static void test_ranges(void **state)
{
    const struct {
        const char *text;
        int status;
        uint64_t first, last;
    } cases[] = {
        {"bytes=0-0", 206, 0, 0},
        {"bytes=0-99", 206, 0, 99},
        {"bytes=0-100", 206, 0, 99},
        {"BYTES=99-", 206, 99, 99},
        {"bytes=100-", 416, 0, 0},
        {"bytes=-1", 206, 99, 99},
        {"bytes=-100", 206, 0, 99},
        {"bytes=-1000", 206, 0, 99},
        {"bytes=-0", 416, 0, 0},
        {"bytes=5-4", 200, 0, 0},
        {"bytes=-", 200, 0, 0},
        {"bytes=", 200, 0, 0},
        {"bytes=1-2,4-5", 200, 0, 0},
        {"bytes=a-b", 200, 0, 0},
        {"bytes=1-2x", 200, 0, 0},
        {"bytes 1-2", 200, 0, 0},
        {"items=1-2", 200, 0, 0},
        {"bytes=99999999999999999999999-", 416, 0, 0},
        {"bytes=1-99999999999999999999999", 206, 1, 99},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t first = 0, last = 0;
        assert_int_equal(conditional_parse_range(cases[i].text, 100, &first, &last), cases[i].status);
        assert_int_equal(first, cases[i].first);
        assert_int_equal(last, cases[i].last);
    }
}

static void test_dates(void **state)
{
    char text[32];
    (void)state;
    conditional_write_date(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_int_equal(conditional_parse_date(text), 784111777);
    assert_int_equal(conditional_parse_date("06 Nov 1994"), -1);
    assert_int_equal(conditional_parse_date("Sun, 06 Nov 1994 08:49:37 GMT and more"), -1);
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static void parse(const char *text, unsigned char ret_address[16])
{
    assert_int_equal(address_parse(text, strlen(text), ret_address), 0);
}

static void test_addresses(void **state)
{
    unsigned char address[16], network[16];
    char text[46];
    const char *const good[][2] = {{"192.0.2.1", "192.0.2.1"},
                                   {" 192.0.2.1:443 ", "192.0.2.1"},
                                   {"2001:db8::1", "2001:db8::1"},
                                   {"[2001:db8::1]:443", "2001:db8::1"},
                                   {"::ffff:192.0.2.1", "192.0.2.1"}};
    const char *const bad[] = {"", "unknown", "_hidden", "192.0.2", "192.0.2.256", "[2001:db8::1", "2001:db8::g"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        parse(good[i][0], address);
        address_text(address, text);
        assert_string_equal(text, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(address_parse(bad[i], strlen(bad[i]), address), -1);
    parse("2001:db8:1:2:3:4:5:6", address);
    address_network(address, network);
    address_text(network, text);
    assert_string_equal(text, "2001:db8:1:2::");
    parse("127.8.9.1", address);
    assert_true(address_is_loopback(address));
    parse("::1", address);
    assert_true(address_is_loopback(address));
    parse("128.0.0.1", address);
    assert_false(address_is_loopback(address));
}

static void test_forwarding(void **state)
{
    struct config config = {.trusted_proxy_count = 4};
    unsigned char peer[16], client[16];
    char text[46];
    const struct {
        const char *peer, *header, *client;
    } cases[] = {
        {"10.0.0.1", "192.0.2.7", "192.0.2.7"},
        {"10.0.0.1", "1.1.1.1, 192.0.2.7", "192.0.2.7"},
        {"10.0.0.1", "1.1.1.1, 192.0.2.7, 10.2.3.4", "192.0.2.7"},
        {"10.0.0.1", "1.1.1.1, garbage", "10.0.0.1"},
        {"10.0.0.1", "", "10.0.0.1"},
        {"10.0.0.1", NULL, "10.0.0.1"},
        {"10.0.0.1", "10.3.3.3", "10.3.3.3"},
        {"11.0.0.1", "192.0.2.7", "11.0.0.1"},
        {"2001:db8::5", "2001:db9::1", "2001:db9::1"},
        {"2001:db8::6", "2001:db9::1", "2001:db8::6"},
        /* both ends of a network that ends within a byte, and their neighbours */
        {"100.64.0.0", "192.0.2.7", "192.0.2.7"},
        {"100.127.255.255", "192.0.2.7", "192.0.2.7"},
        {"100.63.255.255", "192.0.2.7", "100.63.255.255"},
        {"100.128.0.0", "192.0.2.7", "100.128.0.0"},
        {"fe80::", "192.0.2.7", "192.0.2.7"},
        {"febf:ffff::", "192.0.2.7", "192.0.2.7"},
        {"fe7f:ffff::", "192.0.2.7", "fe7f:ffff::"},
        {"fec0::", "192.0.2.7", "fec0::"},
    };
    (void)state;
    parse("10.0.0.0", config.trusted_proxies[0].address);
    config.trusted_proxies[0].prefix_bits = 96 + 8;
    parse("2001:db8::5", config.trusted_proxies[1].address);
    config.trusted_proxies[1].prefix_bits = 128;
    parse("100.64.0.0", config.trusted_proxies[2].address);
    config.trusted_proxies[2].prefix_bits = 96 + 10;
    parse("fe80::", config.trusted_proxies[3].address);
    config.trusted_proxies[3].prefix_bits = 10;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parse(cases[i].peer, peer);
        address_client(&config, peer, cases[i].header, client);
        address_text(client, text);
        assert_string_equal(text, cases[i].client);
    }
}

static void test_counts(void **state)
{
    enum { CAPACITY = 50, NETWORKS = 200 };
    struct address_counts *counts = address_counts_open(CAPACITY);
    unsigned char network[16] = {0};
    int expected[NETWORKS] = {0}, used = 0;
    unsigned random = 1;
    (void)state;
    for (int i = 0; i < 100000; i++) {
        random = random * 1103515245u + 12345u;
        int which = (int)(random >> 16) % NETWORKS;
        memcpy(network, &which, sizeof which);
        if (random & 0x8000) {
            int fits = expected[which] ? expected[which] < 3 : used < CAPACITY;
            assert_int_equal(address_counts_add(counts, network, 3), fits);
            used += fits && !expected[which];
            expected[which] += fits;
        } else if (expected[which]) {
            address_counts_remove(counts, network);
            used -= !--expected[which];
        }
    }
    address_counts_close(counts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_multipart),   cmocka_unit_test(test_multipart_limits),
        cmocka_unit_test(test_conditional), cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_dates),       cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_forwarding),  cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests_name("http_parts", tests, NULL, NULL);
}
