/* Options: the command line and the environment into a struct config, and what is said of those that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"

static char message[300];

/* Reads a command of words with bars between them into config. */
static int read_line(const char *line, struct config *config, struct operands *operands)
{
    static char copy[2000];
    char *argv[16] = {(char *)"piclog"};
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *at = copy; at && *line;) {
        argv[argc++] = at;
        at = strchr(at, '|');
        if (at)
            *at++ = 0;
    }
    config_init(config);
    *message = 0;
    return options_read(argc, argv, config, operands, message, sizeof message);
}

static int is_fine(const char *line)
{
    struct config config;
    struct operands operands;
    return read_line(line, &config, &operands) == 0;
}

static void numbers_have_their_ranges(void **state)
{
    static const char *const good[] = {
        "--threads|1",
        "--threads=64",
        "--deadline|600",
        "--queue|0",
        "--queue|1024",
        "--upload-bytes|1000",
        "--upload-bytes|64M",
        "--upload-bytes|64000k",
        "--uploads-in-flight|16G",
        "--quota|0",
        "--quota|1000G",
        "--webhook-retry|3600",
        "--connections|8",
        "--timeout|1",
        "--page-cache|0",
        "--page-cache|1000000000",
        "--image-cache|1000000000",
        "--uploads-in-flight|1M",
        "--timeout|3600",
        "--connections|100000",
        "--connections-per-address|1",
        "--connections-per-address|100000",
        "--workers|1",
        "--workers|64",
        "--deadline|1",
        "--webhook-retry|1",
    };
    static const char *const bad[] = {
        "--threads|0",
        "--threads|65",
        "--threads|2k",
        "--threads|",
        "--threads|-1",
        "--threads| 1",
        "--threads|1x",
        "--deadline|601",
        "--queue|1025",
        "--upload-bytes|999",
        "--upload-bytes|160000001",
        "--upload-bytes|161M",
        "--upload-bytes|10kk",
        "--upload-bytes|10T",
        "--quota|-1",
        "--quota|1001G",
        "--quota|9999999999999999999",
        "--quota|999999999999999G", /* more than 63 bits */
        "--connections|7",
        "--timeout|0",
        "--webhook-retry|0",
        "--page-cache|1000000001",
        "--image-cache|1000000001",
        "--uploads-in-flight|999999",
        "--uploads-in-flight|17G",
        "--webhook-retry|3601",
        "--timeout|3601",
        "--connections|100001",
        "--connections-per-address|0",
        "--connections-per-address|100001",
        "--workers|0",
        "--workers|65",
        "--deadline|0",
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!is_fine(good[i]))
            fail_msg("%s: %s", good[i], message);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (is_fine(bad[i]))
            fail_msg("%s was taken", bad[i]);
        assert_non_null(strstr(message, "not a number from "));
    }
    struct config config;
    struct operands operands;
    assert_int_equal(read_line("--upload-bytes|12k|--quota|7K|--uploads-in-flight|2G|--threads|3", &config, &operands),
                     0);
    assert_int_equal(config.upload_bytes, 12000);
    assert_int_equal(config.quota_bytes, 7000);
    assert_int_equal(config.uploads_in_flight_bytes, 2000000000);
    assert_int_equal(config.threads, 3);
}

static void words_are_what_they_may_be(void **state)
{
    struct config config;
    struct operands operands;
    (void)state;
    assert_int_equal(read_line("--signup|open|--rate-limits|off|--log-requests=off|--webhook-allow-private|on|--data|d",
                               &config, &operands),
                     0);
    assert_int_equal(config.signup, SIGNUP_OPEN);
    assert_int_equal(config.rate_limits, 0);
    assert_int_equal(config.log_requests, 0);
    assert_int_equal(config.webhook_allow_private, 1);
    assert_string_equal(config.data_folder, "d");
    assert_int_equal(read_line("--signup|closed", &config, &operands), 0);
    assert_int_equal(config.signup, SIGNUP_CLOSED);
    assert_int_equal(config.rate_limits, 1);
    static const char *const bad[][2] = {
        {"--signup|often", "not open, invite or closed"},
        {"--rate-limits|yes", "not on or off"},
        {"--data|", "is empty"},
        {"--data=", "is empty"},
        {"--nothing|x", "there is no option --nothing"},
        {"-d|x", "there is no option -d"},
        {"--|--", ""},
        {"--data", "needs a value"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(is_fine(bad[i][0]), !*bad[i][1]);
        if (!strstr(message, bad[i][1]))
            fail_msg("%s: %s", bad[i][0], message);
    }
}

static void operands_and_flags_are_told_apart(void **state)
{
    struct config config;
    struct operands operands;
    (void)state;
    assert_int_equal(read_line("user|--admin|add|--data|folder|--|--force|-", &config, &operands), 0);
    assert_int_equal(operands.count, 4);
    assert_string_equal(operands.items[0], "user");
    assert_string_equal(operands.items[1], "add");
    assert_string_equal(operands.items[2], "--force");
    assert_string_equal(operands.items[3], "-");
    assert_int_equal(operands.is_admin, 1);
    assert_int_equal(operands.force, 0);
    assert_int_equal(read_line("--force|-h|-V|-", &config, &operands), 0);
    assert_int_equal(operands.count, 1);
    assert_int_equal(operands.is_admin, 0);
    assert_int_equal(operands.force, 1);
    assert_int_equal(operands.wants_help, 1);
    assert_int_equal(operands.wants_version, 1);
    assert_int_equal(read_line("--help", &config, &operands), 0);
    assert_int_equal(operands.wants_help, 1);
    assert_int_equal(operands.wants_version, 0);
    assert_int_equal(read_line("1|2|3|4|5|6|7|8", &config, &operands), 0);
    assert_int_equal(operands.count, 8);
    assert_int_equal(read_line("1|2|3|4|5|6|7|8|9", &config, &operands), -1);
    assert_string_equal(message, "too many arguments from \"9\" on");
}

static void proxies_are_addresses_or_networks(void **state)
{
    struct config config;
    struct operands operands;
    (void)state;
    assert_int_equal(read_line("--trusted-proxy|100.64.0.0/10|--trusted-proxy|192.0.2.1|--trusted-proxy|fe80::/"
                               "10|--trusted-proxy|::1|--trusted-proxy|0.0.0.0/0",
                               &config, &operands),
                     0);
    static const int bits[] = {106, 128, 10, 128, 96};
    assert_int_equal(config.trusted_proxy_count, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(config.trusted_proxies[i].prefix_bits, bits[i]);
    assert_memory_equal(config.trusted_proxies[0].address, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x64\x40\0\0", 16);
    assert_memory_equal(config.trusted_proxies[2].address, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    assert_true(is_fine("--trusted-proxy|10.0.0.0/32"));
    assert_true(is_fine("--trusted-proxy|fe80::/128"));
    static const char *const bad[] = {"10.0.0.0/33", "fe80::/129", "10.0.0.0/", "10.0.0.0/-1",
                                      "/8",          "host",       "10.0.0",    "10.0.0.0/8k"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char line[64];
        snprintf(line, sizeof line, "--trusted-proxy|%s", bad[i]);
        if (is_fine(line))
            fail_msg("%s was taken", bad[i]);
    }
    char *argv[2 * (CONFIG_TRUSTED_PROXIES_MAX + 1) + 1];
    for (int i = 0; i <= CONFIG_TRUSTED_PROXIES_MAX; i++) {
        argv[2 * i + 1] = (char *)"--trusted-proxy";
        argv[2 * i + 2] = (char *)"::1";
    }
    config_init(&config);
    assert_int_equal(
        options_read(2 * CONFIG_TRUSTED_PROXIES_MAX + 1, argv, &config, &operands, message, sizeof message), 0);
    config_init(&config);
    assert_int_equal(
        options_read(2 * CONFIG_TRUSTED_PROXIES_MAX + 3, argv, &config, &operands, message, sizeof message), -1);
}

static void where_to_listen(void **state)
{
    static const struct {
        const char *line, *address;
        int port;
    } good[] = {{"--listen|192.0.2.1:0", "192.0.2.1", 0},
                {"--listen|[::1]:65535", "::1", 65535},
                {"--listen|localhost:81", "127.0.0.1", 81},
                {"--listen|0.0.0.0:80", "0.0.0.0", 80}};
    static const char *const bad[] = {"--listen|192.0.2.1",     "--listen|:80",        "--listen|192.0.2.1:65536",
                                      "--listen|192.0.2.1:x",   "--listen|host:80",    "--listen|[::1]",
                                      "--listen|10.0.0.0/8:80", "--listen|192.0.2.1:", "--listen|[]:80",
                                      "--listen|[192.0.2:1]:1"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct config config;
        struct operands operands;
        assert_int_equal(read_line(good[i].line, &config, &operands), 0);
        assert_string_equal(config.listen_address, good[i].address);
        assert_int_equal(config.listen_port, good[i].port);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (is_fine(bad[i]))
            fail_msg("%s was taken", bad[i]);
}

static void public_addresses(void **state)
{
    static const char *const good[] = {"https://pics.example", "http://localhost:8080", "http://[::1]:80", "https://a"};
    static const char *const bad[] = {"pics.example",          "https://",        "http://",
                                      "https://pics.example/", "ftp://a.example", "https://a.example/b",
                                      "https://a b",           "https://a?b",     ""};
    char line[400];
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        snprintf(line, sizeof line, "--public-url|%s", good[i]);
        assert_true(is_fine(line));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(line, sizeof line, "--public-url|%s", bad[i]);
        assert_false(is_fine(line));
    }
    for (int length = 250; length <= 251; length++) {
        snprintf(line, sizeof line, "--public-url|https://%0*d", length - 8, 0);
        assert_int_equal(is_fine(line), length == 250);
    }
}

static void rates_by_class(void **state)
{
    struct config config;
    struct operands operands;
    (void)state;
    assert_int_equal(read_line("--rate|sign_in=5/0.25, search=7/2 report=0|--rate|read=100000/86400|--rate|write=1/"
                               "0.001",
                               &config, &operands),
                     0);
    assert_int_equal(config.rates[RATE_SIGN_IN].burst, 5);
    assert_int_equal(config.rates[RATE_SIGN_IN].refill_ms, 250);
    assert_int_equal(config.rates[RATE_SEARCH].burst, 7);
    assert_int_equal(config.rates[RATE_SEARCH].refill_ms, 2000);
    assert_int_equal(config.rates[RATE_REPORT].burst, 0);
    assert_int_equal(config.rates[RATE_READ].burst, 100000);
    assert_int_equal(config.rates[RATE_READ].refill_ms, 86400000);
    assert_int_equal(config.rates[RATE_WRITE].refill_ms, 1);
    static const char *const bad[] = {"none=1/1",     "sign=1/1",      "sign_in",      "sign_in=",   "sign_in=x",
                                      "sign_in=1",    "sign_in=1/0",   "sign_in=1/",   "=1/1",       "sign_in=1/86401",
                                      "sign_in=1/1x", "read=100001/1", "sign_in=-1/1", "reading=1/1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char line[64];
        snprintf(line, sizeof line, "--rate|%s", bad[i]);
        if (is_fine(line))
            fail_msg("%s was taken", bad[i]);
    }
}

static void the_environment_comes_first(void **state)
{
    struct config config;
    struct operands operands;
    (void)state;
    setenv("PICLOG_SITE_NAME", "home", 1);
    setenv("PICLOG_UPLOADS_IN_FLIGHT", "3M", 1);
    setenv("PICLOG_TRUSTED_PROXY", "10.0.0.1", 1);
    assert_int_equal(read_line("--uploads-in-flight|4M", &config, &operands), 0);
    assert_string_equal(config.site_name, "home");
    assert_int_equal(config.uploads_in_flight_bytes, 4000000);
    assert_int_equal(config.trusted_proxy_count, 1);
    assert_int_equal(read_line("--trusted-proxy|10.0.0.2|--trusted-proxy|10.0.0.3", &config, &operands), 0);
    assert_int_equal(config.trusted_proxy_count, 2); /* in place of the environment's */
    assert_int_equal(config.trusted_proxies[0].address[15], 2);
    setenv("PICLOG_UPLOADS_IN_FLIGHT", "none", 1);
    assert_int_equal(read_line("", &config, &operands), -1);
    assert_non_null(strstr(message, "PICLOG_UPLOADS_IN_FLIGHT is \"none\""));
    unsetenv("PICLOG_SITE_NAME");
    unsetenv("PICLOG_UPLOADS_IN_FLIGHT");
    unsetenv("PICLOG_TRUSTED_PROXY");
}

/* As README, piclog --help and config.h say. */
static void defaults_are_those_of_the_documentation(void **state)
{
    static const struct rate_limit rates[RATE_CLASSES] = {
        [RATE_READ] = {400, 1000 / 20},     [RATE_WRITE] = {30, 60000 / 10},   [RATE_UPLOAD] = {40, 60000 / 6},
        [RATE_SIGN_IN] = {10, 60000 / 2},   [RATE_SIGN_UP] = {5, 3600000 / 6}, [RATE_SEARCH] = {30, 60000 / 30},
        [RATE_REPORT] = {10, 3600000 / 30}, [RATE_GUESS] = {30, 3600000 / 30},
    };
    struct config config;
    struct operands operands;
    (void)state;
    assert_int_equal(read_line("", &config, &operands), 0);
    assert_string_equal(config.data_folder, "data");
    assert_string_equal(config.listen_address, "127.0.0.1");
    assert_int_equal(config.listen_port, 8080);
    assert_null(config.public_url);
    assert_null(config.site_name);
    assert_int_equal(config.signup, SIGNUP_INVITE);
    assert_int_equal(config.is_signup_given, 0);
    assert_int_equal(config.trusted_proxy_count, 0);
    assert_int_equal(config.rate_limits, 1);
    assert_true(config.threads >= 2 && config.threads <= 64 && config.workers >= 1 && config.workers <= 64);
    assert_int_equal(config.connections, 1000);
    assert_int_equal(config.connections_per_address, 128);
    assert_int_equal(config.timeout_s, 30);
    assert_int_equal(config.log_requests, 1);
    assert_int_equal(config.deadline_s, 20);
    assert_int_equal(config.queue, 64);
    assert_int_equal(config.upload_bytes, 64000000);
    assert_int_equal(config.uploads_in_flight_bytes, 256000000);
    assert_int_equal(config.quota_bytes, 100000000);
    assert_int_equal(config.webhook_allow_private, 0);
    assert_int_equal(config.webhook_retry_s, 30);
    assert_int_equal(config.page_cache_bytes, 8000000);
    assert_int_equal(config.image_cache_bytes, 16000000);
    for (int i = 0; i < RATE_CLASSES; i++) {
        assert_int_equal(config.rates[i].burst, rates[i].burst);
        assert_int_equal(config.rates[i].refill_ms, rates[i].refill_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_their_ranges),
        cmocka_unit_test(words_are_what_they_may_be),
        cmocka_unit_test(operands_and_flags_are_told_apart),
        cmocka_unit_test(proxies_are_addresses_or_networks),
        cmocka_unit_test(where_to_listen),
        cmocka_unit_test(public_addresses),
        cmocka_unit_test(rates_by_class),
        cmocka_unit_test(the_environment_comes_first),
        cmocka_unit_test(defaults_are_those_of_the_documentation),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
