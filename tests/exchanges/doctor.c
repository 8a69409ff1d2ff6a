/* Runs the doctor with the environment of an act, and lists its lines.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "doctor/doctor.h"
#include "exchanges/player.h"
#include "registry.h"
#include "schema/tables.h"

/* The linker puts these in place of the functions without the prefix. The doctor makes its own
 * session, and has the run as its transport. */
int __wrap_http_curl_new(const struct http_curl_options *options,
                         struct http_transport **out, struct error *err);
int __real_http_curl_new(const struct http_curl_options *options,
                         struct http_transport **out, struct error *err);
const char *__wrap_http_curl_route(struct http_transport *transport, struct arena *arena,
                                   const char *url);
const char *__real_http_curl_route(struct http_transport *transport, struct arena *arena,
                                   const char *url);

static struct run *examined; /* NULL: no doctor runs */

int __wrap_http_curl_new(const struct http_curl_options *options,
                         struct http_transport **out, struct error *err)
{
    if (examined == NULL)
        return __real_http_curl_new(options, out, err);
    *out = &examined->transport;
    return 0;
}

const char *__wrap_http_curl_route(struct http_transport *transport, struct arena *arena,
                                   const char *url)
{
    return examined == NULL ? __real_http_curl_route(transport, arena, url) : "directly";
}

/* Each line of the report, or the report itself if it is JSON. */
static void list(struct run *run, char *report)
{
    json_t *json = json_loads(report, 0, NULL);
    char *line;
    json_array_clear(run->listed);
    if (json != NULL)
        json_array_append_new(run->listed, json);
    while (json == NULL && (line = strsep(&report, "\n")) != NULL && report != NULL)
        json_array_append_new(run->listed, json_string(line));
}

void run_doctor(struct run *run, const struct script_act *act)
{
    const char *id = act->argument;
    bool is_json = strncmp(id, "--json", strlen("--json")) == 0;
    char *report = NULL;
    size_t length = 0;
    id += is_json ? strcspn(id, " ") + strspn(id + strcspn(id, " "), " ") : 0;
    const struct doctor_options options = { .provider = &provider_table,
                                            .services = registry_services,
                                            .version = "0.1.0",
                                            .registration_id = *id != '\0' ? id : NULL,
                                            .is_json = is_json,
                                            .out = open_memstream(&report, &length) };
    run_set_environment(act);
    clock_fake_start(1700000000000);
    examined = run;
    int result = doctor_run(&options);
    examined = NULL;
    fclose(options.out);
    run->texts = arena_print(run->arena, "%s%s", run->texts, report);
    bool has_failed =
        strstr(report, is_json ? "\"status\": \"failed\"" : "failed   ") != NULL;
    if (result != has_failed)
        run_fail(run, "line %d: the doctor returned %d, which is not what it reports",
                 act->line, result);
    list(run, report);
    free(report);
}
