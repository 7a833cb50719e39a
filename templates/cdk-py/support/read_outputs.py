"""Write the outputs of the deployed stack to cfn-outputs/flat-outputs.json, for the integration tests."""

import json
import os
from pathlib import Path

import boto3


def main() -> None:
    name = f"TapStack{os.environ.get('ENVIRONMENT_SUFFIX', 'dev')}"
    stack = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    path = Path(__file__).parent.parent / "cfn-outputs" / "flat-outputs.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(outputs, indent=2) + "\n", encoding="utf-8")
    print(f"{len(outputs)} outputs of {name} written to {path}")


if __name__ == "__main__":
    main()
