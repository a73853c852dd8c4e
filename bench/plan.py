#!/usr/bin/env python3
"""Writes a Terraform plan as JSON, as large as asked for, to measure how it is read. The same numbers give the same bytes.

Usage: bench/plan.py [RESOURCES] [MEBIBYTES] > plan.json      (50000 and 100 without)

Measure:  bench/plan.py > plan.json; /usr/bin/time -v build/sovrisk list resources --plan plan.json -f csv > /dev/null
"""
import json
import sys

RESOURCES = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
BYTES = (int(sys.argv[2]) if len(sys.argv) > 2 else 100) << 20
PROVIDER = "registry.terraform.io/hashicorp/aws"
MODULES = 20


def change(index, filler):
    module = f"module.part{index % MODULES}"
    values = {"bucket": f"data-{index}", "force_destroy": False, "region": "eu-west-3", "policy": filler,
              "tags_all": {"owner": f"team-{index % 7}"}}
    return {"address": f"{module}.aws_s3_bucket.data[{index}]", "module_address": module, "mode": "managed",
            "type": "aws_s3_bucket", "name": "data", "index": index, "provider_name": PROVIDER,
            "change": {"actions": ["create"], "before": None, "after": values,
                       "after_unknown": {"arn": True, "id": True, "tags_all": {}},
                       "before_sensitive": False, "after_sensitive": {"tags_all": {}}}}


def configuration():
    resource = {"address": "aws_s3_bucket.data", "mode": "managed", "type": "aws_s3_bucket", "name": "data",
                "provider_config_key": "aws", "expressions": {"bucket": {"references": ["count.index"]}},
                "schema_version": 0, "count_expression": {"references": ["var.number"]}}
    calls = {f"part{i}": {"source": "./part", "expressions": {"number": {"constant_value": RESOURCES // MODULES}},
                          "module": {"resources": [resource], "variables": {"number": {}}}} for i in range(MODULES)}
    return {"provider_config": {"aws": {"name": "aws", "full_name": PROVIDER,
                                        "expressions": {"region": {"references": ["var.region"]}}}},
            "root_module": {"variables": {"region": {"default": "eu-west-3"}}, "module_calls": calls}}


def main():
    empty = len(json.dumps(change(RESOURCES, "")))
    filler = "x" * max(0, BYTES // max(RESOURCES, 1) - empty)
    out = sys.stdout.write
    out('{"format_version":"1.2","terraform_version":"1.9.0","variables":{"region":{"value":"eu-west-3"}},')
    out('"resource_changes":[')
    for index in range(RESOURCES):
        out(("," if index else "") + json.dumps(change(index, filler)))
    out('],"configuration":' + json.dumps(configuration()) + ',"complete":true}\n')


if __name__ == "__main__":
    main()
