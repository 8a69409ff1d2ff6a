/* Times as services write them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "support/test.h"

TEST(a_time_of_a_service_is_read_in_each_of_its_forms)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: it is none */
    } rows[] = {
        { "2018-06-14T00:00:00", 1528934400000 },
        { "2018-06-14T00:00:00Z", 1528934400000 },
        { "2018-06-14T00:00:00+00:00", 1528934400000 },
        { "2018-06-14T00:00:00.000Z", 1528934400000 },
        { "2018-06-14T00:00:00.0000000", 1528934400000 },
        { "2018-06-14T00:00:00.1234567Z", 1528934400123 },
        { "2018-06-14T00:00:00.5", 1528934400500 },
        { "2018-06-14", -1 },
        { "", -1 },
        { "2018-06-14T00:00:00.Z", -1 },
        { "2018-06-14T00:00:00+02:00", -1 },
        { "2018-06-14T00:00:00 ", -1 },
        { "2018-06-14 00:00:00Z", -1 },
        { "2018-02-30T00:00:00Z", -1 },
        { "2018-06-14T24:00:00Z", -1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = -1;
        assert_int_equal(clock_parse_time(rows[i].text, &ms), rows[i].ms >= 0);
        assert_int_equal(ms, rows[i].ms);
    }
}
