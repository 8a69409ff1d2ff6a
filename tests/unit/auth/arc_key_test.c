/* The key of Azure Arc's agent: read where the agent writes, and nothing else ever.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/stat.h>

#include "auth/arc_key.h"
#include "unit/auth/credential_run.h"

static const struct auth_config base = { .authority = "https://login.test", .uses_msi = true };

static int prepare(void **state)
{
    static const char *const files[][2] = {
        { "good.key", "c4nary-key\n" },
        { "marked.key", "\xEF\xBB\xBF"
                        "c4nary-key" },
        { "other.txt", "c4nary-key" },
        { ".key", "c4nary-key" },
        { "empty.key", "" },
        { "words.key", "c4nary key" },
        { "sub.key/inner.key", "c4nary-key" },
    };
    if (begin_in_folder(state) < 0 || mkdir(in_folder("sub.key"), 0700) < 0 ||
        mkfifo(in_folder("fifo.key"), 0600) < 0 ||
        symlink(in_folder("good.key"), in_folder("link.key")) < 0)
        return -1;
    arc_key_folder = folder;
    setenv("IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token", 1);
    setenv("IMDS_ENDPOINT", "http://localhost:40342", 1);
    EACH (file, files)
        put_text((*file)[0], (*file)[1]);
    auto_char big = memset(memory_new(ARC_KEY_BYTES_MAX + 2), 'k', ARC_KEY_BYTES_MAX + 1);
    put_bytes("big.key", big, ARC_KEY_BYTES_MAX + 1);
    put_bytes("most.key", big, ARC_KEY_BYTES_MAX);
    return 0;
}

/* The agent asks for the key of this realm, in which @ is the folder; then it gives `second`. */
static struct run *challenge(const char *realm, struct fake_answer second)
{
    static char header[1000];
    static struct fake_answer answers[3];
    const char *at = strchrnul(realm, '@');
    snprintf(header, sizeof header, "WWW-Authenticate: %.*s%s%s", (int)(at - realm), realm,
             *at == '@' ? folder : "", *at == '@' ? at + 1 : "");
    answers[0] = (struct fake_answer){ 401, .headers = header };
    answers[1] = second;
    return begin(&base, answers);
}

TEST(the_key_of_the_agents_file_gets_a_token)
{
    EACH_TEXT (realm, "Basic realm=@/good.key", "basic  Realm=\"@/good.key\"",
               "Basic realm=@/good.key, charset=\"UTF-8\"", "Basic realm=@/marked.key") {
        auto_run run = challenge(realm, good_token);
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
    auto_run run = challenge("Basic realm=@/most.key", good_token);
    assert_fetched(run);
}

static void expect_key_refused(const char *realm, const char *words)
{
    auto_run run = challenge(realm, good_token);
    assert_failed(run, ERR_CREDENTIAL, 1, words, "the Azure Arc");
}

TEST(no_other_file_is_read)
{
    static const char *const rows[][2] = {
        { "Basic realm=/etc/hostname", "\"/etc/hostname\", which is not a .key file in" },
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
    EACH (row, rows)
        expect_key_refused((*row)[0], (*row)[1]);
    EACH_TEXT (path, "/etc/x.key", "@/other.txt", "@/.key", "@", "@x.key", "@/sub.key/inner.key",
               "@/../x.key", "@/sub.key/../good.key", "@//good.key", "./good.key", "", "\"\"") {
        auto_char realm = memory_print("Basic realm=%s", path);
        expect_key_refused(realm, "which is not a .key file in");
    }
}

TEST(a_key_that_is_refused_is_not_read_twice_and_not_shown)
{
    auto_run run =
        challenge("Basic realm=@/good.key",
                  (struct fake_answer){ 401, .body = "{'error':'not c4nary-key'}",
                                        .headers = "WWW-Authenticate: Basic realm=/x.key",
                                        .is_last_again = true });
    assert_failed(run, ERR_CREDENTIAL, 2, "status 401", "azcmagent show");
}

TEST(each_token_has_its_own_key)
{
    auto_char header = memory_print("WWW-Authenticate: Basic realm=%s/good.key", folder);
    const struct fake_answer asks = { 401, .headers = header };
    auto_run run = begin(&base, ANSWERS(asks, good_token, asks, good_token));
    assert_fetched(run);
    put_text("good.key", "c4nary-new");
    assert_fetched(run);
    assert_lacks(sent(run, 2)->headers, "Authorization");
    assert_has(sent(run, 3)->headers, "Basic c4nary-new\n");
}

TEST_GROUP(prepare, folder_end)
