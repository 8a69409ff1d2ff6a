/* Selects the parts of gRPC's core in the static binary: those of a server on a local socket. The
 * core's own list also names the parts of a client (resolvers, load balancing, xDS, credentials of
 * clouds), which were a quarter of the file. The linker takes from an archive only symbols that are
 * not defined yet, so this definition replaces the core's. CMakeLists.txt links this file only with
 * the gRPC version that it was written for.
 * Source: gRPC 1.51 src/core/plugin_registry/grpc_plugin_registry.cc, src/core/lib/surface/init.cc.
 * SPDX-License-Identifier: MPL-2.0 */

struct core_builder; /* grpc_core::CoreConfiguration::Builder */

/* The names of C++ functions as the linker sees them, on macOS with one more underscore. */
#define AS_TEXT(prefix) #prefix
#define EXPANDED(prefix) AS_TEXT(prefix)
#define LINKER(symbol) __asm__(EXPANDED(__USER_LABEL_PREFIX__) symbol)
#define CORE(symbol) LINKER("_ZN9grpc_core" symbol "EPNS_17CoreConfiguration7BuilderE")
#define EVENTS "_ZN17grpc_event_engine12experimental"

typedef void core_part_fn(struct core_builder *builder);

core_part_fn build CORE("22BuildCoreConfiguration");
core_part_fn add_handshakers CORE("35SecurityRegisterHandshakerFactories");
core_part_fn add_http_filters CORE("19RegisterHttpFilters");
core_part_fn add_deadline_filter CORE("22RegisterDeadlineFilter");
core_part_fn add_message_size_filter CORE("25RegisterMessageSizeFilter");
core_part_fn add_resource_quota CORE("21RegisterResourceQuota");
core_part_fn add_security_filters CORE("23RegisterSecurityFilters");
core_part_fn add_builtins CORE("16RegisterBuiltins");
core_part_fn add_event_engine LINKER(EVENTS
                                     "44RegisterEventEngineChannelArgPreconditioning"
                                     "EPN9grpc_core17CoreConfiguration7BuilderE");

/* The core itself starts and ends the resolver that uses c-ares. */
void resolver_init(void) LINKER("_Z27grpc_resolver_dns_ares_initv");
void resolver_shutdown(void) LINKER("_Z31grpc_resolver_dns_ares_shutdownv");

void resolver_init(void)
{
}

void resolver_shutdown(void)
{
}

/* In the order of the core's list, because it determines the place of each filter in the stack. */
void build(struct core_builder *builder)
{
    add_event_engine(builder);
    add_handshakers(builder);
    add_http_filters(builder);
    add_deadline_filter(builder);
    add_message_size_filter(builder);
    add_resource_quota(builder);
    add_security_filters(builder);
    add_builtins(builder);
}
