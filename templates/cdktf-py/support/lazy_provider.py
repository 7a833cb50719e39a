"""Import of the AWS provider's bindings on demand.

The package imports all its modules, some 1,500, when one of them is wanted, which takes most of a minute. A
package object in its place lets only the named ones load. Import this module before any of them.
"""

import importlib.machinery
import importlib.util
import sys
import types

NAME = "cdktf_cdktf_provider_aws"


def install() -> None:
    """Put the package object in place, unless the package is loaded already."""
    if NAME in sys.modules:
        return
    spec = importlib.machinery.PathFinder.find_spec(NAME)
    if spec is None or spec.submodule_search_locations is None:
        return
    package = types.ModuleType(NAME)
    package.__path__ = list(spec.submodule_search_locations)
    package.__file__ = spec.origin
    package.__spec__ = spec
    package.__package__ = NAME
    sys.modules[NAME] = package


install()
