# .ci/cross includes this into gRPC's own CMakeLists.txt, after project(). It removes two thirds of the
# core's files, which a server on a local connection does not need: provider/static_grpc.c
# registers only the parts of such a server. If a file were missing, the provider would not link.
# CMake then compiles several files as one, which saves most of the compiler's time.
function(azurestack_trim)
  get_target_property(sources grpc SOURCES)
  list(FILTER sources EXCLUDE REGEX
    "cfstream_|_cfstream[.]|/ev_apple[.]|/fake_|/plugin_registry/|/lib/matchers/|/tsi/alts/|/ext/(xds|upbdefs-generated)/")
  list(FILTER sources EXCLUDE REGEX
    "/upb-generated/(envoy|google/api|opencensus|src|udpa|validate|xds)/")
  list(FILTER sources EXCLUDE REGEX
    "/filters/(census|channel_idle|fault_injection|rbac|server_config_selector)/|/transport/(inproc|chttp2/client)/|/bin_decoder[.]")
  list(FILTER sources EXCLUDE REGEX "/filters/client_channel/([^/]*/|[^b]|backend)")   # not backup_poller
  list(FILTER sources EXCLUDE REGEX
    "/lib/http/(httpcli|format_request)|/lib/service_config/service_config_impl|/lib/transport/[a-z]+_connect_")
  list(FILTER sources EXCLUDE REGEX
    "/credentials/(alts|external|fake|google_default|iam|jwt|local|oauth2|plugin|xds)/|/credentials/tls/(grpc_|tls_credentials)|/(channel_creds_registry_init|call_creds_util)[.]")
  list(FILTER sources EXCLUDE REGEX
    "/security_connector/(alts|fake|local|tls)/|/authorization/(authorization_policy|grpc_authorization|matchers|rbac)|/security/util/")
  set_target_properties(grpc PROPERTIES SOURCES "${sources}")
  # provider/plugin/core.c defines these functions itself.
  get_target_property(base gpr SOURCES)
  list(FILTER base EXCLUDE REGEX "/gpr/cpu_")
  set_target_properties(gpr PROPERTIES SOURCES "${base}")
  # These define static names that other files define too.
  set(alone ${sources})
  list(FILTER alone INCLUDE REGEX "[.]upb[.]c$|/(ssl_transport_security|ev_posix|message_size_filter)[.]")
  set_source_files_properties(${alone} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set_source_files_properties(${ABSL_ROOT_DIR}/absl/strings/numbers.cc
    TARGET_DIRECTORY absl_strings PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set_target_properties(absl_time absl_time_zone PROPERTIES UNITY_BUILD OFF)
  if(APPLE)   # their options are for a compiler that builds both architectures at once
    set_target_properties(absl_random_internal_randen_hwaes absl_random_internal_randen_hwaes_impl
      PROPERTIES COMPILE_OPTIONS "")
  endif()
endfunction()
cmake_language(DEFER CALL azurestack_trim)
