/* The key of Azure Arc's agent: read where the agent writes, and nothing else ever.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/stat.h>
#include <unistd.h>

#include "auth/arc_key.h"
#include "unit/auth/credential_run.h"

static const struct auth_config base = { .authority = "https://login.test", .uses_msi = true };
static char folder[] = "/tmp/azurestack-arc-XXXXXX";

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
    forget_variables(state);
    if (mkdtemp(folder) == NULL)
        return -1;
    arc_key_folder = folder;
    setenv("IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token", 1);
    setenv("IMDS_ENDPOINT", "http://localhost:40342", 1);
    auto_char good = in_folder("good.key");
    auto_char link = in_folder("link.key");
    auto_char sub = in_folder("sub.key");
    auto_char fifo = in_folder("fifo.key");
    if (symlink(good, link) < 0 || mkdir(sub, 0700) < 0 || mkfifo(fifo, 0600) < 0)
        return -1;
    auto_char big = memory_new(ARC_KEY_BYTES_MAX + 2);
    memset(big, 'k', ARC_KEY_BYTES_MAX + 1);
    put("big.key", big);
    big[ARC_KEY_BYTES_MAX] = '\0';
    put("most.key", big);
    static const char *const files[][2] = { { "good.key", "c4nary-key\n" },
                                            { "marked.key", "\xEF\xBB\xBF\x63"
                                                            "4nary-key" },
                                            { "other.txt", "c4nary-key" },
                                            { ".key", "c4nary-key" },
                                            { "sub.key/inner.key", "c4nary-key" },
                                            { "empty.key", "" },
                                            { "words.key", "c4nary key" } };
    EACH (file, files)
        put((*file)[0], (*file)[1]);
    return 0;
}

static int clear(void **state)
{
    auto_char command = memory_print("rm -r %s", folder);
    return system(command) != 0 ? -1 : forget_variables(state);
}

/* The agent asks for the key of this realm, in which @ is the folder; then it gives `second`. */
static struct run *challenge(const char *realm, struct fake_answer second)
{
    static char headers[1000];
    static struct fake_answer answers[3];
    size_t before = strcspn(realm, "@");
    bool has_folder = realm[before] == '@';
    snprintf(headers, sizeof headers, "WWW-Authenticate: %.*s%s%s", (int)before, realm,
             has_folder ? folder : "", has_folder ? realm + before + 1 : "");
    answers[0] = (struct fake_answer){ 401, .headers = headers };
    answers[1] = second;
    return begin(&base, answers);
}

static const struct fake_answer token = { 200, .body = GOOD_TOKEN };

TEST(the_key_of_the_agents_file_gets_a_token)
{
    static const char *const realms[] = { "Basic realm=@/good.key", "basic  Realm=\"@/good.key\"",
                                          "Basic realm=@/good.key, charset=\"UTF-8\"",
                                          "Basic realm=@/marked.key" };
    EACH (realm, realms) {
        auto_run run = challenge(*realm, token);
        assert_fetched(run);
        assert_int_equal(sent_count(run), 2);
        const struct fake_request *first = sent(run, 0), *second = sent(run, 1);
        assert_has(first->headers, "Metadata: true\n");
        assert_lacks(first->headers, "Authorization");
        assert_has(second->headers, "Metadata: true\n");
        assert_has(second->headers, "Authorization: Basic c4nary-key\n");
        assert_string_equal(first->url, second->url);
        assert_true(first->is_direct && second->is_direct);
    }
    auto_run run = challenge("Basic realm=@/most.key", token);
    assert_fetched(run);
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
        { "Basic realm=@/words.key", "which does not contain a key" },
        { "Basic realm=@/big.key", "at most 4096" },
        { "Basic", "without the path of a key" },
        { "Bearer realm=@/good.key", "without the path of a key" },
        { "Digest realm=@/good.key", "without the path of a key" },
    };
    EACH (row, rows) {
        auto_run run = challenge(row->realm, token);
        assert_failed(run, ERR_CREDENTIAL, 1, row->words, "the Azure Arc");
    }
}

TEST(a_key_that_is_refused_is_not_read_twice_and_not_shown)
{
    auto_run run =
        challenge("Basic realm=@/good.key",
                  (struct fake_answer){ 401, .body = "{\"error\":\"not c4nary-key\"}",
                                        .headers = "WWW-Authenticate: Basic realm=/x.key",
                                        .is_last_again = true });
    assert_failed(run, ERR_CREDENTIAL, 2, "status 401", "azcmagent show");
}

TEST(each_token_has_its_own_key)
{
    auto_char header = memory_print("WWW-Authenticate: Basic realm=%s/good.key", folder);
    auto_run run = begin(&base, ANSWERS({ 401, .headers = header }, { 200, .body = GOOD_TOKEN },
                                        { 401, .headers = header }, { 200, .body = GOOD_TOKEN }));
    assert_fetched(run);
    put("good.key", "c4nary-new");
    assert_fetched(run);
    assert_lacks(sent(run, 2)->headers, "Authorization");
    assert_has(sent(run, 3)->headers, "Basic c4nary-new\n");
}

TEST_GROUP(prepare, clear)
