/* Each file that a credential reads, in the encodings that editors and shells write.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/auth/credential_run.h"

#define FORM(text) text, sizeof text - 1

/* What an editor or a shell makes of "a.b.c". */
static const struct {
    const char *data;
    size_t length;
    bool is_utf_16;
} forms[] = {
    { FORM("a.b.c\r\n") },
    { FORM("\xEF\xBB\xBF"
           "a.b.c\r\n") },
    { FORM("\xFF\xFE"
           "a\0.\0b\0.\0c\0\r\0\n\0"),
      true },
    { FORM("\xFE\xFF\0a\0.\0b\0.\0c\0\r\0\n"), true },
    { FORM("a\0.\0b\0.\0c\0\r\0\n\0"), true },
    { FORM("\xFF\xFE\0\0a\0\0\0.\0\0\0b\0\0\0.\0\0\0c\0\0\0"), true },
    { FORM("\0\0\xFE\xFF\0\0\0a\0\0\0.\0\0\0b\0\0\0.\0\0\0c"), true },
};

TEST(each_file_is_read_without_its_mark_and_never_as_utf_16)
{
#define OTHERS .authority = "https://login.test", .tenant_id = "t"
    const char *path = in_folder("it");
    const struct {
        struct auth_config config;
        const char *sent; /* NULL: it would have to be a certificate, see certificate_test.c */
    } rows[] = {
        { { OTHERS, .client_secret = "s", .client_id_file_path = path }, "client_id=a.b.c&" },
        { { OTHERS, .client_id = "c", .client_secret_file_path = path }, "client_secret=a.b.c&" },
        { { OTHERS, .client_id = "c", .uses_oidc = true, .oidc_token_file_path = path },
          "client_assertion=a.b.c&" },
        { { OTHERS, .client_id = "c", .client_certificate_path = path } },
    };
    EACH (form, forms) {
        put_bytes("it", form->data, form->length);
        EACH (row, rows) {
            const struct auth_config *config = &row->config;
            if (form->is_utf_16 && !config->uses_oidc) {
                expect_unusable(config, path, "is UTF-16 text", "Out-File -Encoding ascii");
            } else if (form->is_utf_16) { /* It is read for each token. */
                expect_failure(config, ANSWERS(good_token), ERR_CREDENTIAL, 0, path,
                               "is UTF-16 text", "Out-File -Encoding ascii");
            } else if (row->sent != NULL) {
                auto_run run = begin(config, ANSWERS(good_token));
                assert_fetched(run);
                assert_has(sent(run, 0)->body, row->sent);
            }
        }
    }
}

TEST(a_mark_alone_is_an_empty_file)
{
    EACH_TEXT (text, "\xEF\xBB\xBF", "\xEF\xBB\xBF \r\n") {
        const struct auth_config config = { OTHERS, .client_id = "c",
                                            .client_secret_file_path = put_text("it", text) };
        expect_unusable(&config, "which is empty");
    }
}

TEST_GROUP(begin_in_folder, folder_end)
