"""A headless Chromium over the DevTools protocol, for scripts that look at pages: its own small WebSocket client, no library."""

import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from harness import end, environment, wait_until
from origins import frame, read_frame

QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps",
         "--disable-domain-reliability", "--no-first-run", "--no-pings", "--metrics-recording-only", "--no-proxy-server",
         "--hide-scrollbars", "--force-color-profile=srgb", "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
         "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater"]
# key -> (code, virtual key code, text)
KEYS = {"Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, ""), "Tab": ("Tab", 9, ""), "ArrowDown": ("ArrowDown", 40, ""),
        "ArrowUp": ("ArrowUp", 38, ""), "Home": ("Home", 36, ""), "End": ("End", 35, ""), "Delete": ("Delete", 46, ""),
        "Backspace": ("Backspace", 8, ""), " ": ("Space", 32, " ")}


class Chromium:
    """A browser with a profile of its own; `page()` opens a tab."""

    def __init__(self, program="chromium"):
        if not shutil.which(program):
            sys.exit(f"there is no {program}: install Debian's package of that name")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="apus-chromium-"))
        # A group of its own, so that its children end with it.
        self.process = subprocess.Popen(
            [program, *QUIET, "--remote-debugging-port=0", f"--user-data-dir={self.folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(), start_new_session=True)
        told = self.folder / "DevToolsActivePort"
        if not wait_until(lambda: told.exists() and "\n" in told.read_text(), 60):
            self.stop()
            sys.exit("chromium has not said where its DevTools listen")
        port, path = told.read_text().split("\n")[:2]
        self.connection = Connection(int(port), path)

    def page(self):
        target = self.connection.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.connection.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self.connection, session, target)

    def stop(self):
        end(self.process, 10, group=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Connection:
    """Calls and events of the protocol, for all sessions of one browser."""

    def __init__(self, port, path):
        self.peer = socket.create_connection(("127.0.0.1", port), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.peer.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.stream = self.peer.makefile("rb")
        if b" 101 " not in self.stream.readline():
            raise OSError("chromium does not speak WebSocket")
        while self.stream.readline().strip():
            pass
        self.peer.settimeout(None)
        self.lock, self.answered = threading.Lock(), threading.Condition()
        self.number, self.answers, self.listeners = 0, {}, {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            while True:
                opcode, message = read_frame(self.stream)
                if opcode == 9:
                    self._send(10, message)
                elif opcode == 1:
                    self._take(json.loads(message))
                elif opcode == 8:
                    return
        except (OSError, ValueError):
            return  # The browser has ended.

    def _take(self, message):
        if "id" in message:
            with self.answered:
                self.answers[message["id"]] = message
                self.answered.notify_all()
        elif listener := self.listeners.get(message.get("sessionId")):
            listener(message["method"], message["params"])

    def _send(self, opcode, message):
        with self.lock:
            self.peer.sendall(frame(opcode, message, mask=os.urandom(4)))

    def call(self, method, session=None, **parameters):
        with self.answered:
            self.number += 1
            number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._send(1, json.dumps(message).encode())
        with self.answered:
            if not self.answered.wait_for(lambda: number in self.answers, 60):
                raise OSError(f"chromium has not answered {method}")
            answer = self.answers.pop(number)
        if "error" in answer:
            raise OSError(f"{method}: {answer['error']['message']}")
        return answer["result"]


class Page:
    """A tab: what it says on its console, what it asks the network for, and hands to use it with."""

    def __init__(self, connection, session, target):
        self.connection, self.session, self.target = connection, session, target
        self.complaints, self.requests, self.downloads = [], [], []
        connection.listeners[session] = self._heard
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"]:
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        return self.connection.call(method, self.session, **parameters)

    def _heard(self, method, event):
        if method == "Runtime.consoleAPICalled" and event["type"] in ("error", "warning", "assert"):
            self.complaints.append(f"{event['type']}: " + " ".join(str(word.get("value", word.get("description"))) for word in event["args"]))
        elif method == "Runtime.exceptionThrown":
            details = event["exceptionDetails"]
            self.complaints.append("exception: " + details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and event["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{event['entry']['source']}: {event['entry']['text']} {event['entry'].get('url', '')}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(event["request"]["url"])

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def value(self, expression):
        """The value of an expression, or of the promise that it is."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise ValueError(f"{expression}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def until(self, expression, seconds=5):
        """Waits until the expression is true; answers whether it became so."""
        return wait_until(lambda: self.value(f"Boolean({expression})"), seconds, 0.03)

    def text(self, selector):
        return self.value(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")

    def size(self, width, height, dark=None, reduced=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [{"name": "prefers-reduced-motion", "value": "reduce" if reduced else ""}]
        if dark is not None:
            features.append({"name": "prefers-color-scheme", "value": "dark" if dark else "light"})
        self.call("Emulation.setEmulatedMedia", features=features)

    def press(self, key, modifiers=0):
        code, number, text = KEYS.get(key) or (f"Key{key.upper()}" if key.isalpha() else "", ord(key.upper()), key)
        common = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **common, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text):
        for letter in text:
            self.press(letter)

    def click(self, selector):
        """A click of the mouse at the middle of the element, which has to be in sight."""
        box = self.value(f"""(() => {{ const node = document.querySelector({json.dumps(selector)}); if (!node) return null;
            const box = node.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2, box.width]; }})()""")
        if not box or not box[2]:
            raise ValueError(f"{selector} is not in sight")
        for kind in ["mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def names(self):
        """(role, name) of all that can be used, as assistive technology has it."""
        found = []
        for node in self.call("Accessibility.getFullAXTree")["nodes"]:
            role = node.get("role", {}).get("value")
            if not node.get("ignored") and role in ("button", "link", "textbox", "searchbox", "combobox", "checkbox", "grid", "img",
                                                    "image", "dialog", "table", "navigation", "region", "search", "form"):
                found.append((role, node.get("name", {}).get("value", "").strip()))
        return found

    def frames(self, seconds):
        """The times between frames in milliseconds."""
        return self.value(f"""new Promise((done) => {{ const times = []; let last = performance.now(); const end = last + {seconds * 1000};
            const step = (now) => {{ times.push(now - last); last = now; now < end ? requestAnimationFrame(step) : done(times); }};
            requestAnimationFrame(step); }})""")

    def other_origins(self, origin):
        wanted = urllib.parse.urlsplit(origin).netloc
        return [url for url in self.requests if not url.startswith(("data:", "about:", "blob:", "chrome"))
                and urllib.parse.urlsplit(url).netloc != wanted]


def pause(seconds):
    """For what shows only with time, as a rate."""
    time.sleep(seconds)
