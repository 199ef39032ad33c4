/* Where webhooks may go and how they are signed: src/hook/address.c, message.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include <sodium.h>

#include "hook/address.h"
#include "hook/hook.h"
#include "hook/message.h"

static int is_public(const char *text)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr_in *four = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&storage;
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
    } else {
        memset(&storage, 0, sizeof storage);
        assert_int_equal(inet_pton(AF_INET6, text, &six->sin6_addr), 1);
        six->sin6_family = AF_INET6;
    }
    return address_is_public((struct sockaddr *)&storage);
}

static void test_private_addresses(void **state)
{
    static const char *const closed[] = {
        "0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
        "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
        "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255",
        /* IPv6: unspecified, loopback, mapped, compatible, NAT64, discard, link-local, unique local, site-local,
           multicast, Teredo, ORCHID, documentation, 6to4 */
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "100::1", "fe80::1", "febf::1", "fc00::1", "fdff::1", "fec0::1", "ff02::1", "ff0e::1",
        "2001::1", "2001:0:7f00:1::", "2001:20::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1",
        "3fff::1", "3fff:fff::1", "4000::1", "1fff::1"};
    (void)state;
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        if (is_public(closed[i]))
            fail_msg("%s is taken for public", closed[i]);
}

static void test_public_addresses(void **state)
{
    static const char *const open[] = {
        "1.1.1.1",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1",       "169.253.255.255", "169.255.0.0",    "172.15.255.255",
        "172.32.0.0",      "192.0.1.1",       "192.167.255.255", "192.169.0.0",    "198.17.255.255",
        "198.20.0.0",      "223.255.255.255", "2001:200::1",     "2001:db7::1",    "2001:db9::1",
        "2003::1",         "2606:4700::1111", "2a00::1",         "3ffe::1",        "3fff:1000::1"};
    (void)state;
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (!is_public(open[i]))
            fail_msg("%s is taken for private", open[i]);
}

static void test_other_families(void **state)
{
    struct sockaddr local = {.sa_family = AF_UNIX};
    (void)state;
    assert_int_equal(address_is_public(&local), 0);
}

/* RFC 4231, test case 2. */
static void test_signature(void **state)
{
    char text[SIGNATURE_TEXT_BYTES];
    struct buf body = {0};
    (void)state;
    assert_true(sodium_init() >= 0);
    buf_puts(&body, "what do ya want for nothing?");
    message_sign("Jefe", &body, text);
    assert_string_equal(text, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    buf_free(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_private_addresses),
                                       cmocka_unit_test(test_public_addresses), cmocka_unit_test(test_other_families),
                                       cmocka_unit_test(test_signature)};
    return cmocka_run_group_tests_name("hook", tests, NULL, NULL);
}
