/* Which addresses a name has when its families are answered late, apart, or not at all.
 * SPDX-License-Identifier: MPL-2.0 */
#include <arpa/inet.h>
#include <pthread.h>
#include <time.h>

#include "http/names.h"
#include "support/test.h"

/* ---- a resolver that is told what to answer ---------------------------------------------- */

#define NEVER "never" /* until the test is over */

enum { BOTH, IPV6, IPV4, KIND_COUNT };

/* Addresses, an EAI_… as "!-2", or NEVER. */
struct behaviour {
    const char *answers[KIND_COUNT];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct behaviour behaviour;
static unsigned asked[KIND_COUNT], asking;
static bool is_over;

static int ask(const char *host, const char *service, const struct addrinfo *hints,
               struct addrinfo **out)
{
    assert_string_equal(host, "host.test");
    assert_string_equal(service, "443");
    assert_int_equal(hints->ai_socktype, SOCK_STREAM);
    int kind = hints->ai_family == AF_UNSPEC  ? BOTH
               : hints->ai_family == AF_INET6 ? IPV6
                                              : IPV4;
    pthread_mutex_lock(&lock);
    asked[kind]++;
    asking++;
    pthread_cond_broadcast(&changed);
    const char *answer = behaviour.answers[kind];
    while (strcmp(answer, NEVER) == 0 && !is_over)
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

/* How often each was asked, once it was: a thread may begin late. */
static void expect_asked(unsigned both, unsigned ipv6, unsigned ipv4)
{
    pthread_mutex_lock(&lock);
    while (asked[BOTH] < both || asked[IPV6] < ipv6 || asked[IPV4] < ipv4)
        pthread_cond_wait(&changed, &lock);
    assert_int_equal(asked[BOTH], both);
    assert_int_equal(asked[IPV6], ipv6);
    assert_int_equal(asked[IPV4], ipv4);
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

/* "2001:db8::1 192.0.2.1", or "!-2" */
static void look_up(int family, char text[200])
{
    const struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    text[0] = '\0';
    int result = names_resolve(ask, "host.test", "443", &hints, &found);
    if (result != 0) {
        assert_null(found);
        snprintf(text, 200, "!%d", result);
        return;
    }
    for (const struct addrinfo *one = found; one != NULL; one = one->ai_next) {
        char address[NI_MAXHOST];
        assert_int_equal(getnameinfo(one->ai_addr, one->ai_addrlen, address,
                                     sizeof address, NULL, 0, NI_NUMERICHOST),
                         0);
        snprintf(text + strlen(text), 200 - strlen(text), "%s%s",
                 text[0] == '\0' ? "" : " ", address);
    }
    freeaddrinfo(found);
}

/* ---- the tests ---------------------------------------------------------------------------- */

TEST(what_is_answered_in_time_is_asked_once)
{
    static const struct {
        int family;
        const char *answer;
    } rows[] = {
        { AF_UNSPEC, "192.0.2.1" }, { AF_UNSPEC, "2001:db8::1" }, { AF_UNSPEC, "!-2" },
        { AF_INET, "192.0.2.1" },   { AF_INET6, "!-3" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        behaviour =
            (struct behaviour){ { rows[i].answer, rows[i].answer, rows[i].answer } };
        char text[200];
        look_up(rows[i].family, text);
        assert_string_equal(text, rows[i].answer);
        expect_asked(rows[i].family == AF_UNSPEC, rows[i].family == AF_INET6,
                     rows[i].family == AF_INET);
        let_all_end();
    }
}

TEST(what_is_late_is_asked_for_each_family)
{
    static const struct {
        struct behaviour behaviour;
        const char *expected;
    } rows[] = {
        { { { NEVER, NEVER, "192.0.2.1" } }, "192.0.2.1" },
        { { { NEVER, "2001:db8::1", NEVER } }, "2001:db8::1" },
        { { { NEVER, "2001:db8::1", "192.0.2.1" } }, "2001:db8::1 192.0.2.1" },
        { { { NEVER, "!-2", "192.0.2.1" } }, "192.0.2.1" },
        { { { NEVER, "2001:db8::1", "!-5" } }, "2001:db8::1" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        behaviour = rows[i].behaviour;
        char text[200];
        look_up(AF_UNSPEC, text);
        assert_string_equal(text, rows[i].expected);
        expect_asked(1, 1, 1);
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

TEST(what_nobody_answers_fails_as_the_whole_does)
{
    /* The first to say so is not enough: another may still find one. */
    static const struct behaviour rows[] = { { { NEVER, "!-2", "!-2" } },
                                             { { NEVER, NEVER, NEVER } } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        behaviour = rows[i];
        pthread_t thread;
        pthread_create(&thread, NULL, end_soon, NULL);
        char text[200], expected[20];
        look_up(AF_UNSPEC, text);
        snprintf(expected, sizeof expected, "!%d", EAI_AGAIN);
        assert_string_equal(text, expected);
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
    behaviour = (struct behaviour){ { "192.0.2.1", "!-2", "!-2" } };
    char text[200];
    look_up(AF_UNSPEC, text);
    pthread_setattr_default_np(&before);
    assert_string_equal(text, "192.0.2.1");
    let_all_end();
}
