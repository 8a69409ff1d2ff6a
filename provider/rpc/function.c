/* The rpcs about functions. Functions are pure, and work before Configure.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "rpc/internal.h"

static const struct type *result_type(struct arena *arena,
                                      const struct function_table *table)
{
    return table->result != NULL ? schema_rows_type(arena, table->result) : &type_string;
}

static Tfplugin6__Function__Parameter *
put_parameter(struct arena *arena, const struct function_parameter *parameter)
{
    Tfplugin6__Function__Parameter *message = arena_take(arena, sizeof *message);
    tfplugin6__function__parameter__init(message);
    message->name = rpc_put_text(parameter->name);
    message->type = rpc_put_bytes(type_format_json(arena, &type_string));
    message->description = rpc_put_text(parameter->doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    return message;
}

Tfplugin6__Function *rpc_put_function(struct arena *arena,
                                      const struct function_table *table)
{
    Tfplugin6__Function *message = arena_take(arena, sizeof *message);
    tfplugin6__function__init(message);
    message->parameters =
        arena_take_many(arena, FUNCTION_PARAMETERS_MAX, sizeof *message->parameters);
    while (table->parameters[message->n_parameters].name != NULL) {
        message->parameters[message->n_parameters] =
            put_parameter(arena, &table->parameters[message->n_parameters]);
        message->n_parameters++;
    }
    message->return_ = arena_take(arena, sizeof *message->return_);
    tfplugin6__function__return__init(message->return_);
    message->return_->type =
        rpc_put_bytes(type_format_json(arena, result_type(arena, table)));
    message->summary = rpc_put_text(table->summary);
    message->description = rpc_put_text(table->doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    return message;
}

int rpc_get_functions(struct call *call, void *state, struct bytes request,
                      struct bytes *reply, struct error *err)
{
    typedef Tfplugin6__GetFunctions__Response__FunctionsEntry entry_message;
    struct rpc *rpc = state;
    struct arena *arena = call->arena;
    (void)request, (void)err;
    Tfplugin6__GetFunctions__Response out = TFPLUGIN6__GET_FUNCTIONS__RESPONSE__INIT;
    const struct function_table *const *tables = rpc->options.functions;
    while (tables[out.n_functions] != NULL)
        out.n_functions++;
    out.functions = arena_take_many(arena, out.n_functions, sizeof *out.functions);
    for (size_t i = 0; i < out.n_functions; i++) {
        entry_message *entry = arena_take(arena, sizeof *entry);
        tfplugin6__get_functions__response__functions_entry__init(entry);
        entry->key = rpc_put_text(tables[i]->name);
        entry->value = rpc_put_function(arena, tables[i]);
        out.functions[i] = entry;
    }
    *reply = rpc_pack(arena, &out.base);
    return 0;
}

/* The arguments as texts. False, with `why`: the one at *at is missing or is not a text. */
static bool take_arguments(struct call *call, const Tfplugin6__CallFunction__Request *in,
                           const struct function_table *table, const char **texts,
                           int *at, struct error *why)
{
    for (size_t i = 0; table->parameters[i].name != NULL; i++) {
        const struct value *value = NULL;
        *at = (int)i;
        if (i >= in->n_arguments) {
            error_set(why, ERR_INVALID, "the argument %s is missing",
                      table->parameters[i].name);
            return false;
        }
        if (rpc_decode(call, in->arguments[i], &type_string, table->parameters[i].name,
                       &value, why) < 0)
            return false;
        texts[i] = value_text(value);
        if (texts[i] == NULL || strlen(texts[i]) != value->string.length) {
            error_set(why, ERR_INVALID,
                      "the value must be a known string without NUL characters");
            return false;
        }
    }
    return true;
}

static void put_fault(struct arena *arena, Tfplugin6__CallFunction__Response *out, int at,
                      const struct error *why)
{
    out->error = arena_take(arena, sizeof *out->error);
    tfplugin6__function_error__init(out->error);
    out->error->text = text_clean(arena, why->text, strlen(why->text), sizeof why->text);
    if (at >= 0) {
        out->error->function_argument_presence_case =
            TFPLUGIN6__FUNCTION_ERROR__FUNCTION_ARGUMENT_PRESENCE_FUNCTION_ARGUMENT;
        out->error->function_argument = at;
    }
}

int rpc_call_function(struct call *call, void *state, struct bytes request,
                      struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__CallFunction__Request *in =
        rpc_unpack(call, &tfplugin6__call_function__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    const struct function_table *const *table = rpc->options.functions;
    while (*table != NULL && strcmp((*table)->name, in->name) != 0)
        table++;
    Tfplugin6__CallFunction__Response out = TFPLUGIN6__CALL_FUNCTION__RESPONSE__INIT;
    const char *texts[FUNCTION_PARAMETERS_MAX] = { NULL };
    const struct value *result;
    struct error why = NO_ERROR;
    int at = -1;
    if (*table == NULL)
        error_set(&why, ERR_INVALID, "this provider has no function \"%s\"", in->name);
    else if (take_arguments(call, in, *table, texts, &at, &why) &&
             (*table)->call(call->arena, texts, &result, &at, &why) == 0)
        out.result = rpc_encode(call->arena, result);
    if (out.result == NULL)
        put_fault(call->arena, &out, at, &why);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}
