/* The world: applications, registrations and customer subscriptions. Mappings are in
 * mappings.c, beside it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "store.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "assertion.h"
#include "store_internal.h"

static json_t *applications, *identities, *jobs, *registrations, *subscriptions;

/* What `azurestack-emulator --dir D` serves. */
static const char default_world[] =
    "{\"applications\": [{\"tenant_id\": \"33333333-3333-4333-8333-333333333333\","
    "  \"client_id\": \"44444444-4444-4444-8444-444444444444\","
    "  \"client_secret\": \"emulator-secret\"}],"
    " \"identities\": [], \"jobs\": [],"
    " \"registrations\": ["
    "  {\"subscription_id\": \"00000000-0000-4000-8000-000000000001\","
    "   \"resource_group\": \"azurestack\", \"name\": \"berlin\"},"
    "  {\"subscription_id\": \"00000000-0000-4000-8000-000000000001\","
    "   \"resource_group\": \"azurestack\", \"name\": \"munich\"}],"
    " \"subscriptions\": [], \"mappings\": []}";

/* Which members an entry may have, and which of these it is known by. */
struct entry_form {
    const char *what;
    const char *members;
    const char *keys[4];
    const char *choices[6][2];
};

static const struct entry_form application_form = {
    "an application",
    "tenant_id|client_id|client_secret|certificates|federated_credentials|role",
    { "tenant_id", "client_id" },
    { { "role", "contributor|reader|none" } },
};

static const struct entry_form identity_form = {
    "an identity",
    "place|tenant_id|client_id|assigned|header|key_file|role",
    { "place", "client_id" },
    { { "place", "virtual_machine|app_service|azure_arc|cloud_shell" },
      { "assigned", "system|user" },
      { "role", "contributor|reader|none" } },
};

static const struct entry_form job_form = {
    "a job",
    "service|request_token|subject|issuer|service_connection_id",
    { "service", "request_token" },
    { { "service", "github|azure_devops" } },
};

static const struct entry_form registration_form = {
    "a registration",
    "subscription_id|resource_group|name|billing_model|cloud_id|object_id|multi_tenancy|lock"
    "|tenant_id",
    { "subscription_id", "resource_group", "name" },
    { { "billing_model", "PayAsYouUse|Capacity|Development|Custom|Ruggedized" },
      { "lock", "none|CanNotDelete|ReadOnly" } },
};

static const struct entry_form subscription_form = {
    "a subscription",
    "subscription_id|tenant_id|offer|partner|resolver",
    { "subscription_id" },
    { { "offer", "csp|payg" }, { "partner", "ours|other" }, { "resolver", "up|down" } },
};

static char *check_certificates(const json_t *list)
{
    size_t i;
    json_t *pem;
    json_array_foreach(list, i, pem)
    {
        if (!json_is_string(pem) || !assertion_certificate_is(json_string_value(pem)))
            return text_copy("certificates are PEM");
    }
    return json_is_array(list) ? NULL : text_copy("certificates is an array");
}

static char *check_federated_credentials(const json_t *list)
{
    size_t i;
    json_t *credential;
    json_array_foreach(list, i, credential)
    {
        if (!json_is_string(json_object_get(credential, "issuer")) ||
            !json_is_string(json_object_get(credential, "subject")) ||
            !json_is_string(json_object_get(credential, "audience")))
            return text_copy("a federated credential has issuer, subject and audience");
    }
    return json_is_array(list) ? NULL : text_copy("federated_credentials is an array");
}

/* What is neither a list nor a flag is a text. */
static char *check_member(const char *member, const json_t *value)
{
    if (strcmp(member, "certificates") == 0)
        return check_certificates(value);
    if (strcmp(member, "federated_credentials") == 0)
        return check_federated_credentials(value);
    bool is_flag = strcmp(member, "multi_tenancy") == 0;
    if (is_flag ? json_is_boolean(value) : json_is_string(value))
        return NULL;
    return text_format("%s is %s", member, is_flag ? "true or false" : "a string");
}

static char *check_entry(const struct entry_form *form, json_t *entry)
{
    if (!json_is_object(entry))
        return text_format("%s is an object", form->what);
    const char *member;
    json_t *value;
    json_object_foreach(entry, member, value)
    {
        if (!text_is_one_of(member, form->members))
            return text_format("%s has no member %s, but %s", form->what, member,
                               form->members);
        char *wrong = check_member(member, value);
        if (wrong != NULL)
            return wrong;
        for (int i = 0; i < 6 && form->choices[i][0]; i++)
            if (strcmp(member, form->choices[i][0]) == 0 &&
                !text_is_one_of(json_string_value(value), form->choices[i][1]))
                return text_format("%s is one of %s", member, form->choices[i][1]);
    }
    return NULL;
}

/* Does `known` have every key that `entry` names? One key is enough to mean an entry. */
static bool is_meant(const struct entry_form *form, const json_t *known,
                     const json_t *entry)
{
    int named = 0;
    for (int i = 0; i < 4 && form->keys[i]; i++) {
        const char *wanted = json_string_value(json_object_get(entry, form->keys[i]));
        const char *given = json_string_value(json_object_get(known, form->keys[i]));
        if (wanted == NULL)
            continue;
        named++;
        if (given == NULL || strcasecmp(wanted, given) != 0)
            return false;
    }
    return named > 0;
}

static char *set_entry(const struct entry_form *form, json_t *list, json_t *entry)
{
    char *wrong = check_entry(form, entry);
    if (wrong != NULL)
        return wrong;
    size_t i;
    json_t *known;
    json_array_foreach(list, i, known)
    {
        if (is_meant(form, known, entry)) {
            json_object_update(known, entry);
            return NULL;
        }
    }
    for (i = 0; i < 4 && form->keys[i]; i++)
        if (json_object_get(entry, form->keys[i]) == NULL)
            return text_format("%s needs %s", form->what, form->keys[i]);
    json_array_append_new(list, json_deep_copy(entry));
    return NULL;
}

char *store_set_application(json_t *entry)
{
    return set_entry(&application_form, applications, entry);
}

char *store_set_identity(json_t *entry)
{
    return set_entry(&identity_form, identities, entry);
}

char *store_set_job(json_t *entry)
{
    return set_entry(&job_form, jobs, entry);
}

char *store_set_subscription(json_t *entry)
{
    return set_entry(&subscription_form, subscriptions, entry);
}

char *store_set_registration(json_t *entry)
{
    char *wrong = set_entry(&registration_form, registrations, entry);
    size_t i;
    json_t *known;
    json_array_foreach(registrations, i, known)
    {
        char *id = registration_id(known), *lower = text_lower(id);
        char guid[GUID_SIZE];
        json_t *defaults = json_pack("{s:s, s:b, s:s}", "billing_model", "PayAsYouUse",
                                     "multi_tenancy", 1, "lock", "none");
        guid_derive(lower, guid);
        json_object_set_new(defaults, "cloud_id", json_string(guid));
        json_object_set_new(defaults, "object_id", json_string(guid));
        json_object_update_missing(known, defaults);
        json_decref(defaults);
        free(id);
        free(lower);
    }
    return wrong;
}

bool store_forget_registration(const json_t *entry)
{
    size_t i;
    json_t *known;
    json_array_foreach(registrations, i, known)
    {
        if (is_meant(&registration_form, known, entry)) {
            mappings_forget(known);
            json_array_remove(registrations, i);
            return true;
        }
    }
    return false;
}

static char *reset_list(const json_t *config, const json_t *defaults, const char *name,
                        json_t **list, char *(*set)(json_t *))
{
    const json_t *entries = json_object_get(config, name);
    if (entries == NULL)
        entries = json_object_get(defaults, name);
    if (!json_is_array(entries))
        return text_format("%s is an array", name);
    json_decref(*list);
    *list = json_array();
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        char *wrong = set(entry);
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

static char *set_mapping(json_t *entry)
{
    const char *id = json_string_value(json_object_get(entry, "id"));
    if (id == NULL)
        return text_copy("a mapping needs id");
    return mapping_force(id, json_string_value(json_object_get(entry, "tenant_id")));
}

char *store_reset(const json_t *config)
{
    json_t *defaults = json_loads(default_world, 0, NULL);
    json_t *no_list = NULL;
    mappings_reset();
    char *wrong = reset_list(config, defaults, "applications", &applications,
                             store_set_application);
    if (wrong == NULL)
        wrong =
            reset_list(config, defaults, "identities", &identities, store_set_identity);
    if (wrong == NULL)
        wrong = reset_list(config, defaults, "jobs", &jobs, store_set_job);
    if (wrong == NULL)
        wrong = reset_list(config, defaults, "registrations", &registrations,
                           store_set_registration);
    if (wrong == NULL)
        wrong = reset_list(config, defaults, "subscriptions", &subscriptions,
                           store_set_subscription);
    if (wrong == NULL)
        wrong = reset_list(config, defaults, "mappings", &no_list, set_mapping);
    json_decref(no_list);
    json_decref(defaults);
    return wrong;
}

void store_free(void)
{
    mappings_free();
    json_decref(applications);
    json_decref(identities);
    json_decref(jobs);
    json_decref(registrations);
    json_decref(subscriptions);
}

json_t *store_applications(void)
{
    return applications;
}

json_t *store_identities(void)
{
    return identities;
}

json_t *store_jobs(void)
{
    return jobs;
}

json_t *store_registrations(void)
{
    return registrations;
}

json_t *registration_find(const char *subscription, const char *group, const char *name)
{
    size_t i;
    json_t *known;
    json_array_foreach(registrations, i, known)
    {
        if (strcasecmp(registration_text(known, "subscription_id"), subscription) == 0 &&
            (!group ||
             strcasecmp(registration_text(known, "resource_group"), group) == 0) &&
            (!name || strcasecmp(registration_text(known, "name"), name) == 0))
            return known;
    }
    return NULL;
}

const char *registration_text(const json_t *registration, const char *member)
{
    return json_string_value(json_object_get(registration, member));
}

char *registration_id(const json_t *registration)
{
    return text_format(
        "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.AzureStack"
        "/registrations/%s",
        registration_text(registration, "subscription_id"),
        registration_text(registration, "resource_group"),
        registration_text(registration, "name"));
}

json_t *subscription_find(const char *id)
{
    size_t i;
    json_t *known;
    json_array_foreach(subscriptions, i, known) if (strcasecmp(
                                                        json_string_value(json_object_get(
                                                            known, "subscription_id")),
                                                        id) == 0) return known;
    return NULL;
}

void subscription_tenant(const char *id, char out[GUID_SIZE])
{
    const json_t *known = subscription_find(id);
    const char *listed = json_string_value(json_object_get(known, "tenant_id"));
    char *lower = text_lower(listed ? listed : id);
    char *words = text_format("tenant of %s", lower);
    if (listed)
        memcpy(out, lower, strnlen(lower, GUID_SIZE - 1) + 1);
    else
        guid_derive(words, out);
    out[GUID_SIZE - 1] = '\0';
    free(lower);
    free(words);
}
