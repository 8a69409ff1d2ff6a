# What tenants used, as the administrators' host reports it: rows by the time at which they were
# stored, in pages. Two things a client has to live with: a row's name is not unique, and a
# quantity is a number with more digits than a double keeps.
# SPDX-License-Identifier: MPL-2.0
import datetime
import re
import urllib.parse

from engine import log, switches
from engine.control import need
from engine.service import Operation
from engine.state import State
from engine.text import Invalid, write_json

from . import hub_objects, hub_subscriptions
from .hub import SUBSCRIPTION, HubRoute

LENGTHS = {"hourly": datetime.timedelta(hours=1), "daily": datetime.timedelta(days=1)}
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
NEEDED = ("subscription_id", "meter_id", "quantity", "reported")

_known = State(rows=dict)    # a hub's name -> rows


def parse_time(text):
    """As .NET writes it or shorter; ValueError."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.0+)?(Z|\+00:00)", text)
    if not found:
        raise ValueError(text)
    return datetime.datetime.fromisoformat(f"{found[1]}T{found[2]}+00:00")


def show_time(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def refuse(x, code, why):
    return x.reject(400, code, why)


def read_query(x):
    """(begin, end, granularity, subscriber or None)"""
    granularity = (x.q("aggregationgranularity") or "daily").lower()
    if granularity not in LENGTHS:
        raise refuse(x, "InvalidAggregationGranularity", "aggregationGranularity is daily or "
                     "hourly.")
    times = []
    for name in ("reportedStartTime", "reportedEndTime"):
        try:
            times.append(parse_time(x.q(name.lower()) or ""))
        except ValueError:
            raise refuse(x, "InvalidProperty", f"The property '{name}' is missing or no time of "
                         "UTC.") from None
        time = times[-1]
        if time.minute or time.second or (granularity == "daily" and time.hour):
            raise refuse(x, "InvalidProperty", f"The property '{name}' is not on the hour, or for "
                         "daily aggregation not at midnight.")
    begin, end = times
    if begin >= end:
        raise refuse(x, "InvalidProperty", "reportedEndTime is not after reportedStartTime.")
    today = datetime.datetime.fromtimestamp(log.wall_ms() // 1000, datetime.timezone.utc)
    if end > today.replace(hour=0, minute=0, second=0, microsecond=0):
        raise refuse(x, "RequestEndTimeIsInFuture", "reportedEndTime is of the current day or in "
                     "the future.")
    subscriber = x.q("subscriberid")
    if subscriber and not hub_subscriptions.find_user(x.hub, subscriber):
        raise x.error(400, "SubscriberIdIsNotDirectTenant",
                      f"The subscriber '{subscriber}' is not a direct tenant.")
    return begin, end, granularity, subscriber


def show(row, number):
    length = LENGTHS[row["granularity"]]
    # Hourly rows are of the hour before the one that they were reported in.
    begin = parse_time(row["used"]) if "used" in row else parse_time(row["reported"]) - (
        length if row["granularity"] == "hourly" else length * 0)
    meter = row["meter_id"]
    name = f"UsageAggregate-{row['subscription_id']}-{meter}"
    return {"id": f"/subscriptions/{row['subscription_id']}/providers/Microsoft.Commerce/"
            f"UsageAggregates/{name}", "name": name, "type": "Microsoft.Commerce/UsageAggregate",
            "properties": {
                "subscriptionId": row["subscription_id"], "usageStartTime": show_time(begin),
                "usageEndTime": show_time(begin + length),
                "instanceData": write_json({"Microsoft.Resources": {
                    "resourceUri": f"/subscriptions/{row['subscription_id']}/resourceGroups/rg/"
                    "providers/Microsoft.Compute/virtualMachines/canary-vm",
                    "location": "local", "tags": None, "additionalInfo": None}}),
                "quantity": f"\0{number}", "meterId": meter}}


def write(body, rows):
    """JSON, with each quantity in the digits that it was given with."""
    return re.sub(r'"\\u0000(\d+)"', lambda found: str(rows[int(found[1])]["quantity"]),
                  write_json(body))


def list_usage(x):
    hub_objects.check_admin(x)
    begin, end, granularity, subscriber = read_query(x)
    longest = switches.value("hub_usage_longest_h")
    if longest and end - begin > datetime.timedelta(hours=longest):
        raise x.error(504, "GatewayTimeout", "The gateway did not receive a response from "
                      "'Microsoft.Commerce.Admin' within the specified time period.")
    rows = [row for row in _known.rows.get(x.hub["name"].lower(), [])
            if row["granularity"] == granularity and begin <= parse_time(row["reported"]) < end
            and (not subscriber or row["subscription_id"].lower() == subscriber.lower())]
    start = x.q("continuationtoken") or "0"
    if not start.isdecimal():
        raise refuse(x, "InvalidProperty", "The continuationToken is not known.")
    last = min(len(rows), int(start) + switches.value("hub_usage_page"))
    body = {"value": [show(row, number) for number, row in enumerate(rows)][int(start):last]}
    if last < len(rows):
        query = {name: value for name, value in x.query.items() if name != "continuationtoken"}
        body["nextLink"] = f"{x.origin}{x.path}?" + urllib.parse.urlencode(
            {**query, "continuationToken": last})
    elif switches.is_("hub_usage_next", "null"):
        body["nextLink"] = None
    x.text(200, write(body, rows), "application/json; charset=utf-8")


# --- behind everybody's back --------------------------------------------------------------


def use(body):
    """Rows are as they come: gaps and late data are what the caller leaves out or reports late."""
    one, rows = hub_objects.hub_meant(body), body.get("rows")
    if not isinstance(rows, list):
        raise Invalid("rows is an array")
    made = []
    for row in rows:
        need(row, *NEEDED)
        row.setdefault("granularity", "daily")
        if not NUMBER.fullmatch(row["quantity"]) or row["granularity"] not in LENGTHS:
            raise Invalid("quantity is a number as JSON writes it, in a string; granularity is "
                        "daily or hourly")
        try:
            parse_time(row["reported"])
            parse_time(row.get("used", row["reported"]))
        except ValueError as error:
            raise Invalid(f"{error} is no time of UTC") from None
        made.append(row)
    _known.rows[one["name"].lower()] = made


ROUTES = [HubRoute(
    "GET", SUBSCRIPTION + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates",
    "HUB_USAGE", list_usage, ("2015-06-01-preview",),
    queries=("reportedstarttime", "reportedendtime", "aggregationgranularity", "subscriberid",
             "continuationtoken"))]
OPERATIONS = [Operation(
    "POST", "hub-usage", use, "{hub, rows: [{subscription_id, meter_id, quantity, reported, "
    "granularity, used}, …]}: all that was used; quantity is a number in a string")]
