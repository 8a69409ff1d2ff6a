/* Prints the tables as JSON, for `generate`, which writes docs/ from them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>

#include "auth/entra.h"
#include "registry.h"
#include "schema/tables.h"

/* A list of names that ends with NULL. */
static json_t *dump_names(const char *const *names)
{
    json_t *list = json_array();
    for (; names != NULL && *names != NULL; names++)
        json_array_append_new(list, json_string(*names));
    return list;
}

static json_t *dump_rows(struct arena *arena, const struct attribute *row)
{
    static const char *const nestings[] = { NULL, "single", "list", "set", "map" };
    json_t *list = json_array();
    for (; row != NULL && row->name != NULL; row++) {
        const char *type = row->type != NULL ? type_name(arena, row->type) : NULL;
        json_array_append_new(
            list,
            json_pack("{ss ss ss* sb sb sb sb sb so so ss* ss* ss* so sb}", "name",
                      row->name, "doc", row->doc, "type", type, "is_required",
                      row->flags & REQUIRED, "is_optional", row->flags & OPTIONAL,
                      "is_sensitive", row->flags & SENSITIVE, "is_write_only",
                      row->flags & WRITE_ONLY, "replaces", row->flags & REPLACE, "one_of",
                      dump_names(row->one_of), "env", dump_names(row->env), "default",
                      row->default_value, "version", row->version, "nesting",
                      nestings[row->nesting], "rows", dump_rows(arena, row->rows),
                      "is_block", row->is_block));
    }
    return list;
}

static json_t *dump_remedies(const struct remedy *row)
{
    json_t *list = json_array();
    for (; row != NULL && row->code != NULL; row++)
        json_array_append_new(list,
                              json_pack("[sss]", row->code, row->meaning, row->action));
    return list;
}

static json_t *dump_object(struct arena *arena, const struct resource_table *table)
{
    return json_pack("{ss ss ss ss* ss* ss* ss* so so so so so}", "name", table->name,
                     "service", table->service->name, "noun", table->noun, "doc",
                     table->doc, "parent_noun", table->parent_noun, "id_type",
                     table->id_type, "api_version", table->api_version, "rows",
                     dump_rows(arena, table->attributes), "timeouts",
                     dump_rows(arena, schema_timeouts_rows(arena, table)), "identity",
                     dump_rows(arena, table->identity), "list",
                     table->list != NULL ? dump_rows(arena, table->list) : json_null(),
                     "remedies", dump_remedies(table->remedies));
}

/* Data sources and ephemeral resources. Their objects count even if no resource manages them. */
static json_t *dump_readers(struct arena *arena, const struct engine_reader *one,
                            json_t *objects)
{
    json_t *list = json_array();
    for (; one->table != NULL; one++) {
        struct data_source source;
        engine_data_source_init(&source, arena, one->table);
        const struct resource_table *object = source.object.table;
        /* What is no resource has a name of its own among them. */
        const char *name = one->table->object != NULL
                               ? one->table->object->name
                               : arena_print(arena, "data %s", one->table->name);
        json_array_append_new(list,
                              json_pack("{ss ss ss so so}", "name", one->table->name,
                                        "doc", one->table->doc, "object", name, "rows",
                                        dump_rows(arena, one->table->attributes),
                                        "remedies", dump_remedies(one->table->remedies)));
        json_object_set_new(
            objects, name,
            dump_object(arena, one->table->object != NULL ? one->table->object : object));
    }
    return list;
}

static json_t *dump_functions(struct arena *arena)
{
    json_t *list = json_array();
    for (const struct function_table *const *one = registry_functions; *one != NULL;
         one++) {
        json_t *parameters = json_array();
        for (const struct function_parameter *p = (*one)->parameters; p->name != NULL;
             p++)
            json_array_append_new(parameters, json_pack("[ss]", p->name, p->doc));
        json_array_append_new(list,
                              json_pack("{ss ss so so}", "name", (*one)->name, "doc",
                                        (*one)->doc, "parameters", parameters, "rows",
                                        dump_rows(arena, (*one)->result)));
    }
    return list;
}

static void dump_codes(struct arena *arena, json_t *list, const char *prefix,
                       const struct entra_code *codes)
{
    for (const struct entra_code *code = codes; code->number != 0; code++)
        json_array_append_new(
            list, json_pack("[sss]", arena_print(arena, "%s%d", prefix, code->number),
                            code->meaning, code->action));
}

int main(void)
{
    auto_arena arena = arena_new();
    json_t *objects = json_object(), *resources = json_array(), *codes = json_array();
    for (const struct resource_table *const *one = registry_resources; *one != NULL;
         one++) {
        json_object_set_new(objects, (*one)->name, dump_object(arena, *one));
        json_array_append_new(resources, json_string((*one)->name));
    }
    dump_codes(arena, codes, "AADSTS", entra_codes);
    dump_codes(arena, codes, "MSIS", adfs_codes);
    json_t *readers = dump_readers(arena, registry_data_sources, objects);
    json_t *ephemeral = dump_readers(arena, registry_ephemeral, objects);
    json_t *all = json_pack(
        "{ss ss so so so so so so so so}", "name", provider_table.name, "doc",
        provider_table.doc, "rows", dump_rows(arena, provider_table.attributes),
        "resources", resources, "objects", objects, "data_sources", readers, "ephemeral",
        ephemeral, "functions", dump_functions(arena), "common_remedies",
        dump_remedies(schema_common_remedies), "sign_in_remedies", codes);
    int status = json_dumpf(all, stdout, JSON_INDENT(1));
    json_decref(all);
    return status == 0 ? 0 : 1;
}
