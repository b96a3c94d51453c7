/* Digests, text, lines, settings and words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.h"
#include "lines.h"
#include "names.h"
#include "service.h"
#include "settings.h"
#include "sha256.h"
#include "text.h"

static const char *digest_of(const char *data, size_t len) {
    static char hex[2 * SHA256_DIGEST + 1];
    unsigned char digest[SHA256_DIGEST];
    char *copy = malloc(len); /* as long as it is, so that reading on is found */
    if (len) memcpy(copy, data, len);
    sha256(copy, len, digest);
    free(copy);
    for (int i = 0; i < SHA256_DIGEST; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return hex;
}

/* The first three, and the last, are those of FIPS 180-4; the others lie where the padding takes another block. */
static void digests(void) {
    static const struct {
        size_t len;
        const char *digest;
    } of_a[] = {
        {55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
        {56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
        {63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
        {64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
        {119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"},
        {120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"},
        {1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    CHECK_TEXT(digest_of("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_TEXT(digest_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_TEXT(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56),
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    char *a = malloc(1000000);
    memset(a, 'a', 1000000);
    for (size_t i = 0; i < sizeof(of_a) / sizeof(*of_a); i++) CHECK_TEXT(digest_of(a, of_a[i].len), of_a[i].digest);
    free(a);
}

static void wiping(void) {
    char secret[] = "secret";
    wipe(secret, 4);
    CHECK(memcmp(secret, "\0\0\0\0et", sizeof(secret)) == 0);
}

static void growing_text(void) {
    give_memory();
    struct text t = new_text(0);
    size_t len = 0;
    for (size_t n = 0; n < 300; n++) {
        char piece[300];
        memset(piece, 'a' + (int)(n % 26), n);
        put(&t, piece, n);
        len += n;
        CHECK(t.len == len && (!n || t.s[len - 1] == 'a' + (int)(n % 26)));
    }
    put_word(&t, "end");
    say(&t, " %d %s", 7, "x");
    CHECK(t.len == len + 7 && memcmp(t.s + len, "end 7 x", 7) == 0);
    char huge[600];
    memset(huge, 'x', sizeof(huge));
    huge[599] = 0;
    say(&t, "%s", huge);
    CHECK(t.len == len + 7);
    free_text(&t);
}

/* text_of copies a text to where there is nothing behind it. */
static char *text_of(const char *s) { return memcpy(malloc(strlen(s)), s, strlen(s)); }

static void lines_of_a_text(void) {
    static const char *const want[] = {"a\n", "\n", "bc\r\n", "end"};
    static const char all[] = "a\n\nbc\r\nend";
    char *text = text_of(all);
    struct line line = {0};
    for (size_t i = 0; i < 4; i++) {
        CHECK(next_line(&line, text, sizeof(all) - 1));
        CHECK(line.len == strlen(want[i]) && memcmp(line.s, want[i], line.len) == 0);
    }
    CHECK(!next_line(&line, text, sizeof(all) - 1));
    struct line none = {0};
    CHECK(!next_line(&none, text, 0));
    free(text);
}

static void fields_of_a_line(void) {
    static const char all[] = "id=17 addr=10.0.0.1:5 name= age=31 flags=N\n";
    size_t len = sizeof(all) - 1, n;
    char *text = text_of(all);
    struct line line = {text, len};
    CHECK_NUMBER(line_id(&line), 17);
    CHECK(field_is(text, len, " addr=", "10.0.0.1:5", 10) && !field_is(text, len, " addr=", "10.0.0.1:", 9));
    CHECK(field_is(text, len, " flags=", "N", 1));
    CHECK(field_is(text, len, " name=", "", 0) && !field_is(text, len, " lib=", "", 0));
    CHECK(find_field(text, len, " name=", &n) && n == 0);
    CHECK(!find_field(text, len, " lib=", &n) && n == 0);
    CHECK_NUMBER(field_number(text, len, " age="), 31);
    CHECK_NUMBER(field_number(text, 34, " age="), 31); /* the value ends the text */
    CHECK_NUMBER(field_number(text, len, " lib="), -1);
    line.len = 4; /* so does this one */
    CHECK_NUMBER(line_id(&line), 1);
    line.len = 2;
    CHECK_NUMBER(line_id(&line), 0);
    line.s = text + 5;
    CHECK_NUMBER(line_id(&line), 0);
    free(text);
}

static int settings_of(const char *text) {
    FILE *f = fopen("settings", "w");
    CHECK(f && fputs(text, f) >= 0 && fclose(f) == 0);
    settings = (struct settings){.config_name = "CONFIG", .counting = 1, .network_address = 1};
    return read_settings("settings");
}

static void settings_file(void) {
    CHECK(settings_of("acl-secret acl-x\ninternal-prefix aikagi:\nconfig-name c\nusage off\nclients 65000\nnetwork 127.80.0.0/16\n"));
    CHECK_TEXT(settings.acl_secret, "acl-x");
    CHECK_TEXT(settings.internal_prefix, "aikagi:");
    CHECK_TEXT(settings.config_name, "c");
    CHECK(!settings.counting);
    CHECK(settings.network_mask == 0xffff0000 && settings.network_address == 0x7f500000);
    CHECK(settings_of("acl-secret acl-x\ninternal-prefix aikagi:\n"));
    CHECK_TEXT(settings.config_name, "CONFIG");
    CHECK(settings.counting && settings.network_mask == 0 && settings.network_address == 1);
    CHECK(!settings_of("acl-secret acl-x\n") && !settings_of("") && !settings_of("x y z"));
    CHECK(!read_settings("no-such-file"));
    for (int bits = 0; bits < 40; bits++) {
        char text[128];
        snprintf(text, sizeof(text), "acl-secret a internal-prefix b config-name c usage on clients 0 network 10.0.0.1/%d", bits);
        CHECK(settings_of(text));
        CHECK((settings.network_mask != 0) == (bits >= 1 && bits <= 32));
    }
    char longest[512];
    memset(longest, 'x', sizeof(longest));
    memcpy(longest, "acl-secret ", 11);
    longest[sizeof(longest) - 1] = 0;
    settings_of(longest);
    CHECK(strlen(settings.acl_secret) == MAX_NAME - 1);
}

static void words(void) {
    static const struct {
        const char *arg;
        int reads, exact, number;
    } cases[] = {
        {"AUTH", 1, 1, 0}, {"auth", 1, 1, 0}, {"auth\\0x", 1, 0, 0}, {"auth\\0", 1, 0, 0}, {"authx", 0, 0, 0},
        {"", 0, 0, 0},     {"12", 0, 0, 1},   {"-1", 0, 0, 0},       {"1\\02", 0, 0, 0},
    };
    give_memory();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        RedisModuleString *arg = make_string(cases[i].arg);
        CHECK_NUMBER(reads_as(arg, "AUTH"), cases[i].reads);
        CHECK_NUMBER(is_exactly(arg, "AUTH"), cases[i].exact);
        CHECK_NUMBER(is_number(arg), cases[i].number);
        free_string(arg);
    }
    CHECK(settings_of(SETTINGS));
    RedisModuleString *secret = make_string(SECRET), *other = make_string("acl-0123456789abcdeg"), *more = make_string(SECRET "\\0");
    CHECK(is_acl_secret(secret) && !is_acl_secret(other) && !is_acl_secret(more));
    free_string(secret);
    free_string(other);
    free_string(more);
    CHECK(is_internal("aikagi:x", 8) && is_internal("aikagi:", 7) && !is_internal("aikagi", 6) && !is_internal("", 0));
    CHECK(word_is("onx", 2, "on") && !word_is("on", 2, "onx") && word_is("", 0, ""));
}

static enum whose whose(const char *line) { return whose_line(line, strlen(line)); }

static void whose_connection(void) {
    CHECK(settings_of(SETTINGS));
    CHECK(is_nodes_address("127.1.2.3:80", 12) && is_nodes_address("127.1.2.3", 9) && !is_nodes_address("127.2.2.3:80", 12));
    CHECK(!is_nodes_address("[::1]:80", 8) && !is_nodes_address("", 0) && !is_nodes_address("127.1.2.3.4.5.6.7.8.9:1", 23));
    CHECK(whose("id=1 addr=10.0.0.1:5 flags=N user=default cmd=get\n") == A_CLIENTS);
    CHECK(whose("id=1 addr=/s:0 flags=U user=default cmd=get\n") == THE_SERVICES);
    CHECK(whose("id=1 addr=10.0.0.1:5 flags=N user=aikagi:a cmd=get\n") == THE_SERVICES);
    CHECK(whose("id=1 addr=10.0.0.1:5 flags=S user=aikagi:a cmd=replconf\n") == A_LINK);
    CHECK(whose("id=1 addr=10.0.0.1:5 flags=M user=(superuser) cmd=set\n") == A_LINK);
    CHECK(whose("id=1 addr=127.1.0.2:5 flags=N user=default cmd=auth\n") == THE_SERVICES);
    CHECK(whose("id=1 addr=127.1.0.2:5 flags=N user=default cmd=get\n") == A_CLIENTS);
    CHECK(whose("id=1 addr=127.1.0.2:5 flags=N user=token:338f7079370d cmd=auth\n") == A_CLIENTS);
    CHECK(whose("") == A_CLIENTS);
}

const struct test pure_tests[] = {
    {"digests", digests},
    {"wiping", wiping},
    {"growing text", growing_text},
    {"lines of a text", lines_of_a_text},
    {"fields of a line", fields_of_a_line},
    {"settings file", settings_file},
    {"words", words},
    {"whose connection", whose_connection},
    {NULL, NULL},
};
