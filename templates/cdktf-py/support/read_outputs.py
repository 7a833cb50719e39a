"""Write the outputs of the deployed stack to cfn-outputs/flat-outputs.json, for the integration tests."""

import json
import os
import subprocess
from pathlib import Path


def main() -> None:
    root = Path(__file__).parent.parent
    name = f"TapStack{os.environ.get('ENVIRONMENT_SUFFIX', 'dev')}"
    words = ["terraform", f"-chdir={root / 'cdktf.out' / 'stacks' / name}", "output", "-json"]
    found = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    outputs = {key: entry["value"] for key, entry in found.items()}
    path = root / "cfn-outputs" / "flat-outputs.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(outputs, indent=2) + "\n", encoding="utf-8")
    print(f"{len(outputs)} outputs of {name} written to {path}")


if __name__ == "__main__":
    main()
