/* What cppcheck has to know of jansson's macros. SPDX-License-Identifier: MPL-2.0 */
#define json_array_foreach(array, index, one)                                            \
    for ((index) = 0; ((one) = json_array_get(array, index)) != NULL; (index)++)
#define json_object_foreach(object, name, one)                                           \
    for ((name) = ""; ((one) = json_object_get(object, name)) != NULL;)
