/* What the files of this folder share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CONFIGURE_INTERNAL_H
#define CONFIGURE_INTERNAL_H

#include "configure/provider_config.h"
#include "configure/settings.h"

/* Where an argument goes: a text or a bool, as the type of its row says. */
struct place {
    const char *name;
    size_t offset;
    bool is_opposite; /* the session has the negated bool */
    bool is_trimmed;  /* the session has the text without white space at either end */
};

/* `out` is the struct that the offsets of the places refer to. */
void place_put(struct arena *texts, const struct settings *settings,
               const struct place *place, void *out);
/* The same for all places. They end with a NULL name. */
void place_put_all(struct arena *texts, const struct settings *settings,
                   const struct place *place, void *out);

/* The settings of the argument `name`, which has rows of its own, or of its only element. If the
 * argument is omitted, all rows are null and variables may fill them; else `from` says what may. */
struct settings provider_config_read_inner(struct call *call,
                                           const struct attribute *rows,
                                           const struct value *config, const char *name,
                                           enum settings_from from);

/* Reads the services of the provider's blocks into out->services. -1 with an error. */
int provider_config_read_services(struct call *call, struct arena *texts,
                                  const struct provider_table *table,
                                  const struct configure_host *host,
                                  const struct value *config, struct session_config *out,
                                  struct diags *diags);

#endif
