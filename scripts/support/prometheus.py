"""A Prometheus of one's own on a free port of loopback, and what its API answers."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from harness import end, environment, wait_until

# Whatever the environment says of proxies.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Prometheus:
    """Scrapes by `configuration`, the text of a prometheus.yml, from which files beside it are reached as they are named there."""

    def __init__(self, configuration, files=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="apus-prometheus-"))
        for file in files:
            shutil.copy(file, self.folder)
        (self.folder / "prometheus.yaml").write_text(configuration)
        self.log = self.folder / "log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={self.folder}/prometheus.yaml", f"--storage.tsdb.path={self.folder}/data",
                 "--web.listen-address=127.0.0.1:0", "--storage.tsdb.retention.time=1h"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=environment())
        place = []

        def told():
            place[:] = re.findall(r'msg="Listening on" address=(127\.0\.0\.1:\d+)', self.log.read_text(errors="replace"))
            return place or self.process.poll() is not None

        wait_until(told, 20)
        if not place or self.process.poll() is not None:
            said = self.log.read_text(errors="replace")
            self.stop()
            sys.exit("prometheus has not said where it listens:\n" + said)
        self.url = f"http://{place[0]}"
        wait_until(self.is_ready, 20)

    def is_ready(self):
        try:
            return DIRECT.open(self.url + "/-/ready", timeout=5).status == 200
        except OSError:
            return False

    def get(self, path, **parameters):
        """The data of an answer of the API; a refusal is a ValueError with its reason."""
        try:
            with DIRECT.open(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=20) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as error:
            told = json.load(error)
        if told["status"] != "success":
            raise ValueError(told.get("error", told))
        return told["data"]

    def ask(self, expression):
        """[(labels, value)] of an instant vector or a scalar now."""
        data = self.get("query", query=expression)
        rows = [{"metric": {}, "value": data["result"]}] if data["resultType"] == "scalar" else data["result"]
        return [(row["metric"], float(row["value"][1])) for row in rows]

    def value(self, expression):
        """The one value; None when there is not exactly one."""
        rows = self.ask(expression)
        return rows[0][1] if len(rows) == 1 else None

    def stop(self):
        end(self.process, 10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
