"""Started by every Python of a traced run before its own code, so that the processes of tests are traced as well."""

import json
import os
import sys

sys.dont_write_bytecode = True
if os.environ.get("DRIFT_TRACE_CONFIG"):
    with open(os.environ["DRIFT_TRACE_CONFIG"], encoding="utf-8") as _file:
        _config = json.load(_file)
    import drift_tracer as _tracer

    _tracer.current = _tracer.Tracer(_config)
    _tracer.current.start()
if os.environ.get("DRIFT_PROBES"):
    import drift_probes as _probes

    _probes.start()
