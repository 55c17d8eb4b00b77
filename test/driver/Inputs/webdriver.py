"""A headless Chromium, driven through chromedriver with the standard library.

What is needed of the W3C's WebDriver protocol and of Chromium's own additions,
for tests of pages.
"""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004"}


def until(good, ask, seconds=20):
    """Asks until the answer is good, or the time is over; gives the last one."""
    end = time.monotonic() + seconds
    while not good(answer := ask()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


class Browser:
    """Use it with 'with'; one window of 1280 by 1000."""

    def __enter__(self):
        browser = shutil.which("chromium")
        driver = shutil.which("chromedriver")
        self.home = tempfile.TemporaryDirectory()
        self.log = open(os.path.join(self.home.name, "log"), "w+")
        environment = dict(os.environ, HOME=self.home.name,
                           XDG_CONFIG_HOME=self.home.name,
                           XDG_CACHE_HOME=self.home.name)
        self.driver = subprocess.Popen([driver, "--port=0"], text=True,
                                       stdout=subprocess.PIPE,
                                       stderr=self.log, env=environment)
        port = None
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                port = int(line.rstrip(".\n").split()[-1])
                break
        self.base = "http://127.0.0.1:%s" % port
        arguments = ["--headless=new", "--disable-gpu", "--window-size=1280,1000",
                     "--user-data-dir=" + os.path.join(self.home.name, "user"),
                     "--disable-dev-shm-usage", "--disable-extensions",
                     "--disable-background-networking", "--no-first-run"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"binary": browser, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}},
            timeout=120)
        self.base += "/session/" + made["sessionId"]
        return self

    def __exit__(self, *_):
        try:
            if "/session/" in self.base:
                self.ask("DELETE", "")
        except OSError:
            pass
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            self.log.close()
            self.home.cleanup()

    def ask(self, method, path, body=None, timeout=120):
        """One command of the protocol; gives its value."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.base + path, data, {"Content-Type": "application/json"},
            method=method)
        # No proxy stands between this and its own machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=timeout) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None

    def devtools(self, command, **parameters):
        return self.ask("POST", "/goog/cdp/execute",
                        {"cmd": command, "params": parameters})

    def open(self, url):
        self.ask("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """Runs the body of a function in the page; gives what it returns."""
        return self.ask("POST", "/execute/sync",
                        {"script": script, "args": list(arguments)})

    def press(self, *keys):
        """Presses keys one after the other: characters, or names of KEYS."""
        steps = []
        for key in keys:
            value = KEYS.get(key, key)
            steps += [{"type": "keyDown", "value": value},
                      {"type": "keyUp", "value": value}]
        self.ask("POST", "/actions", {"actions": [
            {"type": "key", "id": "keyboard", "actions": steps}]})

    def click(self, selector):
        found = self.ask("POST", "/element",
                         {"using": "css selector", "value": selector})
        self.ask("POST", "/element/%s/click" % found[ELEMENT], {})

    def wait(self, script, *arguments):
        """Until the script gives something true."""
        if not until(bool, lambda: self.run(script, *arguments)):
            raise RuntimeError("never came true: " + script)

    def logged(self, kind):
        """What the log of that kind has had since it was last asked for."""
        return self.ask("POST", "/se/log", {"type": kind})

    def requests(self):
        """The addresses that were asked for since the last call."""
        asked = []
        for entry in self.logged("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        return asked

    def screenshot(self, path, whole=False):
        answer = self.devtools("Page.captureScreenshot", format="png",
                               captureBeyondViewport=whole) if whole else None
        data = answer["data"] if whole else self.ask("GET", "/screenshot")
        with open(path, "wb") as image:
            image.write(base64.b64decode(data))

    def pdf(self, path):
        with open(path, "wb") as paper:
            paper.write(base64.b64decode(self.ask("POST", "/print", {})))
