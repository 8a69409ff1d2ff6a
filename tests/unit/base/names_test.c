/* Which addresses a name has when its families are answered late, apart, or not at all.
 * SPDX-License-Identifier: MPL-2.0 */
#include <arpa/inet.h>
#include <pthread.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/names.h"
#include "support/test.h"

#define NEVER "never"    /* until the test is over */
#define LATE "192.0.2.9" /* when the test is over */

enum { BOTH, IPV6, IPV4, KIND_COUNT };

/* Addresses, an EAI_… as "!-2", NEVER or LATE. NULL: it is not asked; else it is, once. */
struct behaviour {
    const char *answers[KIND_COUNT];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct behaviour resolver; /* that is played */
static unsigned asked[KIND_COUNT], asking;
static bool is_over;

static int ask(const char *host, const char *service, const struct addrinfo *hints,
               struct addrinfo **out)
{
    assert_string_equal(host, "host.test");
    assert_string_equal(service, "443");
    assert_int_equal(hints->ai_socktype, SOCK_STREAM);
    int kind = hints->ai_family == AF_UNSPEC ? BOTH : hints->ai_family == AF_INET6 ? IPV6 : IPV4;
    pthread_mutex_lock(&lock);
    asked[kind]++;
    asking++;
    pthread_cond_broadcast(&changed);
    const char *answer = resolver.answers[kind];
    while ((strcmp(answer, NEVER) == 0 || strcmp(answer, LATE) == 0) && !is_over)
        pthread_cond_wait(&changed, &lock);
    asking--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    if (strcmp(answer, NEVER) == 0)
        return EAI_AGAIN;
    if (answer[0] == '!')
        return atoi(answer + 1);
    struct addrinfo numeric = *hints;
    numeric.ai_flags |= AI_NUMERICHOST;
    return getaddrinfo(answer, service, &numeric, out);
}

/* Each once that has an answer, after a while: a thread may begin late. */
static void expect_asked(void)
{
    pthread_mutex_lock(&lock);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        while (resolver.answers[kind] != NULL && asked[kind] == 0)
            pthread_cond_wait(&changed, &lock);
        assert_int_equal(asked[kind], resolver.answers[kind] != NULL);
    }
    pthread_mutex_unlock(&lock);
}

static void let_all_end(void)
{
    pthread_mutex_lock(&lock);
    is_over = true;
    pthread_cond_broadcast(&changed);
    while (asking != 0)
        pthread_cond_wait(&changed, &lock);
    is_over = false;
    memset(asked, 0, sizeof asked);
    pthread_mutex_unlock(&lock);
}

/* `want`: "2001:db8::1 192.0.2.1", or "!-2" */
static void expect(int family, const char *want)
{
    const struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int result = names_resolve(ask, "host.test", "443", &hints, &found);
    auto_char text = result != 0 ? memory_print("!%d", result) : memory_copy_text("");
    assert_true((result != 0) == (found == NULL));
    for (const struct addrinfo *one = found; one != NULL; one = one->ai_next) {
        char address[NI_MAXHOST];
        assert_int_equal(getnameinfo(one->ai_addr, one->ai_addrlen, address, sizeof address, NULL,
                                     0, NI_NUMERICHOST),
                         0);
        auto_char before = text;
        text = memory_print("%s%s%s", before, *before == '\0' ? "" : " ", address);
    }
    if (found != NULL)
        freeaddrinfo(found);
    assert_string_equal(text, want);
}

TEST(what_is_late_is_asked_for_each_family_and_nothing_twice)
{
    static const struct {
        int family;
        struct behaviour behaviour;
        const char *expected;
    } rows[] = {
        { AF_UNSPEC, { { "192.0.2.1" } }, "192.0.2.1" },
        { AF_UNSPEC, { { "2001:db8::1" } }, "2001:db8::1" },
        { AF_UNSPEC, { { "!-2" } }, "!-2" },
        { AF_INET, { { [IPV4] = "192.0.2.1" } }, "192.0.2.1" },
        { AF_INET6, { { [IPV6] = "!-3" } }, "!-3" },
        { AF_UNSPEC, { { NEVER, NEVER, "192.0.2.1" } }, "192.0.2.1" },
        { AF_UNSPEC, { { NEVER, "2001:db8::1", NEVER } }, "2001:db8::1" },
        { AF_UNSPEC, { { LATE, "2001:db8::1", LATE } }, "2001:db8::1" }, /* and nothing leaks */
        { AF_UNSPEC, { { NEVER, "2001:db8::1", "192.0.2.1" } }, "2001:db8::1 192.0.2.1" },
        { AF_UNSPEC, { { NEVER, "!-2", "192.0.2.1" } }, "192.0.2.1" },
        { AF_UNSPEC, { { NEVER, "2001:db8::1", "!-5" } }, "2001:db8::1" },
    };
    EACH (row, rows) {
        resolver = row->behaviour;
        expect(row->family, row->expected);
        expect_asked();
        let_all_end();
    }
}

static void *end_soon(void *state)
{
    (void)state;
    pthread_mutex_lock(&lock);
    while (asked[IPV4] == 0 || asked[IPV6] == 0)
        pthread_cond_wait(&changed, &lock);
    is_over = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

TEST(a_name_that_no_server_answers_fails_at_the_end)
{
    /* The first to say so is not enough: another may still find one. */
    static const struct behaviour rows[] = { { { NEVER, "!-2", "!-2" } },
                                             { { NEVER, NEVER, NEVER } } };
    auto_char expected = memory_print("!%d", EAI_AGAIN);
    EACH (row, rows) {
        resolver = *row;
        pthread_t thread;
        pthread_create(&thread, NULL, end_soon, NULL);
        expect(AF_UNSPEC, expected);
        pthread_join(thread, NULL);
        let_all_end();
    }
}

TEST(a_question_without_a_thread_is_asked_here)
{
    pthread_attr_t before, huge;
    pthread_getattr_default_np(&before);
    pthread_attr_init(&huge);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 50), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    resolver = (struct behaviour){ { "192.0.2.1", "!-2", "!-2" } };
    expect(AF_UNSPEC, "192.0.2.1");
    pthread_setattr_default_np(&before);
    let_all_end();
}
