/* The key of Azure Arc's agent: read where the agent writes, and nothing else ever.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/stat.h>
#include <unistd.h>

#include "auth/arc_key.h"
#include "support/test.h"
#include "unit/auth/credential_run.h"

static const struct auth_config base = { .authority = "https://login.test",
                                         .uses_msi = true };
static char *folder;

static char *in_folder(const char *name)
{
    return memory_print("%s/%s", folder, name);
}

static void put(const char *name, const char *text)
{
    auto_char path = in_folder(name);
    rewrite_file(path, text);
}

static int prepare(void **state)
{
    (void)state;
    forget_variables();
    folder = memory_copy_text("/tmp/azurestack-arc-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    arc_key_folder = folder;
    setenv("IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token",
           1);
    setenv("IMDS_ENDPOINT", "http://localhost:40342", 1);
    put("good.key", "c4nary-key\n");
    put("marked.key", "\xEF\xBB\xBF"
                      "c4nary-key");
    put("other.txt", "c4nary-key");
    put(".key", "c4nary-key");
    put("empty.key", "");
    put("words.key", "c4nary key");
    auto_char big = memory_new(ARC_KEY_BYTES_MAX + 2);
    memset(big, 'k', ARC_KEY_BYTES_MAX + 1);
    put("big.key", big);
    big[ARC_KEY_BYTES_MAX] = '\0';
    put("most.key", big);
    auto_char good = in_folder("good.key");
    auto_char link = in_folder("link.key");
    auto_char sub = in_folder("sub.key");
    auto_char inner = in_folder("sub.key/inner.key");
    auto_char fifo = in_folder("fifo.key");
    if (symlink(good, link) < 0 || mkdir(sub, 0700) < 0 || mkfifo(fifo, 0600) < 0)
        return -1;
    rewrite_file(inner, "c4nary-key");
    return 0;
}

static int clear(void **state)
{
    (void)state;
    forget_variables();
    static const char *const names[] = { "good.key", "marked.key",        "other.txt",
                                         ".key",     "empty.key",         "words.key",
                                         "big.key",  "most.key",          "link.key",
                                         "fifo.key", "sub.key/inner.key", "sub.key" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        auto_char path = in_folder(names[i]);
        remove(path);
    }
    rmdir(folder);
    free(folder);
    return 0;
}

/* The agent's answers to the first question, `realm` with the folder for each %s. */
static struct run *challenge(const char *realm, struct fake_answer second)
{
    static char headers[1000];
    static struct fake_answer answers[3];
    auto_char path = memory_new(500);
    const char *at = strchr(realm, '@');
    if (at != NULL)
        snprintf(path, 500, "%.*s%s%s", (int)(at - realm), realm, folder, at + 1);
    else
        snprintf(path, 500, "%s", realm);
    snprintf(headers, sizeof headers, "WWW-Authenticate: %s", path);
    answers[0] = (struct fake_answer){ 401, .headers = headers };
    answers[1] = second;
    answers[2] = (struct fake_answer){ 0 };
    return begin(&base, answers);
}

TEST(the_key_of_the_agents_file_gets_a_token)
{
    static const char *const realms[] = { "Basic realm=@/good.key",
                                          "basic  Realm=\"@/good.key\"",
                                          "Basic realm=@/good.key, charset=\"UTF-8\"",
                                          "Basic realm=@/marked.key" };
    for (size_t i = 0; i < sizeof realms / sizeof *realms; i++) {
        struct run *run =
            challenge(realms[i], (struct fake_answer){ 200, .body = GOOD_TOKEN });
        assert_fetched(run);
        assert_int_equal(fake_transport_count(run->fake), 2);
        const struct fake_request *first = fake_transport_request(run->fake, 0),
                                  *second = fake_transport_request(run->fake, 1);
        assert_has(first->headers, "Metadata: true\n");
        assert_lacks(first->headers, "Authorization");
        assert_has(second->headers, "Metadata: true\n");
        assert_has(second->headers, "Authorization: Basic c4nary-key\n");
        assert_string_equal(first->url, second->url);
        assert_true(first->is_direct && second->is_direct);
        end(run);
    }
    struct run *run = challenge("Basic realm=@/most.key",
                                (struct fake_answer){ 200, .body = GOOD_TOKEN });
    assert_fetched(run);
    end(run);
}

TEST(no_other_file_is_read)
{
    static const struct {
        const char *realm, *words;
    } rows[] = {
        { "Basic realm=/etc/hostname", "\"/etc/hostname\", which is not a .key file in" },
        { "Basic realm=/etc/x.key", "which is not a .key file in" },
        { "Basic realm=@/other.txt", "which is not a .key file in" },
        { "Basic realm=@/.key", "which is not a .key file in" },
        { "Basic realm=@", "which is not a .key file in" },
        { "Basic realm=@x.key", "which is not a .key file in" },
        { "Basic realm=@/sub.key/inner.key", "which is not a .key file in" },
        { "Basic realm=@/../x.key", "which is not a .key file in" },
        { "Basic realm=@/sub.key/../good.key", "which is not a .key file in" },
        { "Basic realm=@//good.key", "which is not a .key file in" },
        { "Basic realm=./good.key", "which is not a .key file in" },
        { "Basic realm=", "which is not a .key file in" },
        { "Basic realm=\"\"", "which is not a .key file in" },
        { "Basic realm=@/link.key", "which cannot be read" },
        { "Basic realm=@/none.key", "which cannot be read: No such file" },
        { "Basic realm=@/sub.key", "which is not a file" },
        { "Basic realm=@/fifo.key", "which is not a file" },
        { "Basic realm=@/empty.key", "which is empty" },
        { "Basic realm=@/words.key", "which holds no key" },
        { "Basic realm=@/big.key", "at most 4096" },
        { "Basic", "does not name the file of a key" },
        { "Bearer realm=@/good.key", "does not name the file of a key" },
        { "Digest realm=@/good.key", "does not name the file of a key" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *run =
            challenge(rows[i].realm, (struct fake_answer){ 200, .body = GOOD_TOKEN });
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, ERR_CREDENTIAL);
        assert_has(run->err.text, "the agent of Azure Arc");
        assert_has(run->err.text, rows[i].words);
        assert_lacks(run->err.text, "c4nary");
        assert_int_equal(fake_transport_count(run->fake), 1);
        end(run);
    }
}

TEST(a_key_that_is_refused_is_not_read_twice_and_not_shown)
{
    struct run *run =
        challenge("Basic realm=@/good.key",
                  (struct fake_answer){ 401, .body = "{\"error\":\"not c4nary-key\"}",
                                        .headers = "WWW-Authenticate: Basic realm=/x.key",
                                        .is_last_again = true });
    assert_int_equal(ask(run), -1);
    assert_int_equal(fake_transport_count(run->fake), 2);
    assert_has(run->err.text, "status 401");
    assert_has(run->err.text, "azcmagent show");
    assert_lacks(run->err.text, "c4nary");
    end(run);
}

TEST(each_token_has_its_own_key)
{
    auto_char header = memory_print("WWW-Authenticate: Basic realm=%s/good.key", folder);
    struct run *run =
        begin(&base, (const struct fake_answer[]){ { 401, .headers = header },
                                                   { 200, .body = GOOD_TOKEN },
                                                   { 401, .headers = header },
                                                   { 200, .body = GOOD_TOKEN },
                                                   { 0 } });
    assert_fetched(run);
    put("good.key", "c4nary-new");
    assert_fetched(run);
    assert_lacks(fake_transport_request(run->fake, 2)->headers, "Authorization");
    assert_has(fake_transport_request(run->fake, 3)->headers, "Basic c4nary-new\n");
    put("good.key", "c4nary-key");
    end(run);
}

TEST_GROUP(prepare, clear)
