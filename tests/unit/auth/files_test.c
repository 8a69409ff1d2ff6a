/* Each file that a credential reads, in the encodings that editors and shells write.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test_certificate.h"
#include "unit/auth/credential_run.h"

/* What an editor or a shell makes of an ASCII text. */
enum form { PLAIN, MARKED, UTF16_LE, UTF16_BE, UTF16_BARE, UTF32_LE, UTF32_BE, FORMS };

static struct test_bytes encode(const char *text, enum form form)
{
    static const struct {
        const char *mark;
        size_t mark_length, width, at; /* `at`: where in `width` bytes the character is */
    } rows[FORMS] = {
        [PLAIN] = { "", 0, 1, 0 },
        [MARKED] = { "\xEF\xBB\xBF", 3, 1, 0 },
        [UTF16_LE] = { "\xFF\xFE", 2, 2, 0 },
        [UTF16_BE] = { "\xFE\xFF", 2, 2, 1 },
        [UTF16_BARE] = { "", 0, 2, 0 },
        [UTF32_LE] = { "\xFF\xFE\0\0", 4, 4, 0 },
        [UTF32_BE] = { "\0\0\xFE\xFF", 4, 4, 3 },
    };
    size_t length = rows[form].mark_length + strlen(text) * rows[form].width;
    struct test_bytes bytes = { memory_new(length + 1), length };
    memcpy(bytes.data, rows[form].mark, rows[form].mark_length);
    unsigned char *at = bytes.data + rows[form].mark_length + rows[form].at;
    for (; *text != '\0'; text++, at += rows[form].width)
        *at = (unsigned char)*text;
    return bytes;
}

enum { CLIENT_ID, CLIENT_SECRET, OIDC_TOKEN, CERTIFICATE, KINDS };

static struct auth_config config_of(int kind, const char *path)
{
    struct auth_config config = { .authority = "https://login.test",
                                  .tenant_id = "t",
                                  .client_id = "app" };
    if (kind == CLIENT_ID) {
        config.client_id = NULL;
        config.client_id_file_path = path;
        config.client_secret = "c4nary";
    } else if (kind == CLIENT_SECRET) {
        config.client_secret_file_path = path;
    } else if (kind == OIDC_TOKEN) {
        config.uses_oidc = true;
        config.oidc_token_file_path = path;
    } else {
        config.client_certificate_path = path;
    }
    return config;
}

/* `form_sent` NULL: refused as UTF-16, and nothing is sent. */
static void expect_form(int kind, const char *text, enum form form, const char *form_sent)
{
    struct test_bytes bytes = encode(text, form);
    const char *path = put_bytes("it", bytes.data, bytes.length);
    const struct auth_config config = config_of(kind, path);
    static const char words[] = "is UTF-16 text", advice[] = "Out-File -Encoding ascii";
    if (form_sent == NULL && kind != OIDC_TOKEN) {
        expect_unusable(&config, path, words, advice);
    } else {
        auto_run run = begin(&config, ANSWERS(good_token));
        if (form_sent == NULL) { /* It is read for each token. */
            assert_failed(run, ERR_CREDENTIAL, 0, path, words, advice);
        } else {
            assert_fetched(run);
            assert_has(sent(run, 0)->body, form_sent);
        }
    }
    free(bytes.data);
}

TEST(each_file_is_read_without_its_mark_and_never_as_utf_16)
{
    struct test_certificate ours;
    test_certificate_make(&ours, "RSA", 10);
    struct test_bytes pem = test_certificate_pem(ours.key, ours.x509, NULL);
    const struct {
        const char *text, *sent;
    } rows[KINDS] = {
        [CLIENT_ID] = { "my-app\r\n", "client_id=my-app&" },
        [CLIENT_SECRET] = { "c4nary\r\n", "client_secret=c4nary&" },
        [OIDC_TOKEN] = { FOREIGN "\r\n", "client_assertion=" FOREIGN },
        [CERTIFICATE] = { (const char *)pem.data, "client_assertion=" },
    };
    for (int kind = 0; kind < KINDS; kind++) {
        for (enum form form = 0; form < FORMS; form++)
            expect_form(kind, rows[kind].text, form, form <= MARKED ? rows[kind].sent : NULL);
    }
    free(pem.data);
    test_certificate_clear(&ours);
}

TEST(a_mark_alone_is_an_empty_file)
{
    EACH_TEXT (text, "\xEF\xBB\xBF", "\xEF\xBB\xBF \r\n") {
        const struct auth_config config = config_of(CLIENT_SECRET, put_text("it", text));
        expect_unusable(&config, "which is empty");
    }
}

TEST_GROUP(begin_in_folder, folder_end)
