"""Encryption: what is asked of a server on another machine, and how less is asked for.

The server is one of our own with a certificate. 0.0.0.0 leads to this machine but is no loopback address, so that it
stands for another one.
"""
import os
import pathlib
import shutil
import socket
import subprocess
import unittest

from harness import Case, POSTGRES, limbeck
from server_loss_test import BIN, as_server

PASSWORD = "s3cret"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def openssl(*arguments, folder):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_certificates(folder):
    """An authority of our own, a certificate of it for 0.0.0.0 and one for another host."""
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt",
            folder=folder)
    for name, host in (("server", "IP:0.0.0.0"), ("other", "DNS:elsewhere.example")):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr", folder=folder)
        pathlib.Path(folder, "san").write_text(f"subjectAltName={host}\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "san", "-out", f"{name}.crt", folder=folder)


@unittest.skipUnless(POSTGRES and shutil.which("openssl"), "needs PostgreSQL and openssl")
class Tls(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for variable in ("PGSSLMODE", "PGSSLROOTCERT", "PGSERVICE"):
            os.environ.pop(variable, None)
        cls.server = subprocess.run(["mktemp", "-d", "/tmp/limbeck-tls.XXXXXX"], check=True, capture_output=True, text=True).stdout.strip()
        cls.addClassCleanup(shutil.rmtree, cls.server, ignore_errors=True)
        make_certificates(cls.server)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "postgres", cls.server], check=True)
        os.chmod(cls.server, 0o755)
        for name in os.listdir(cls.server):
            os.chmod(os.path.join(cls.server, name), 0o600 if name.endswith(".key") else 0o644)
        cls.data = os.path.join(cls.server, "data")
        cls.port = free_port()
        cls.run_as_server(f"{BIN}/initdb", "-D", cls.data, "-U", "limbeck", "-A", "trust", "--no-instructions", "--locale=C.UTF-8")
        cls.addClassCleanup(as_server, f"{BIN}/pg_ctl", "-D", cls.data, "-m", "immediate", "-w", "stop")
        cls.configure("server", "on")

    @classmethod
    def run_as_server(cls, *argv):
        done = as_server(*argv)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)

    @classmethod
    def configure(cls, certificate, ssl):
        """Starts the server anew with this certificate."""
        if os.path.exists(os.path.join(cls.data, "postmaster.pid")):
            cls.run_as_server(f"{BIN}/pg_ctl", "-D", cls.data, "-m", "fast", "-w", "stop")
        options = (f"-c listen_addresses=* -c port={cls.port} -c unix_socket_directories={cls.server} -c fsync=off -c ssl={ssl} "
                   f"-c ssl_cert_file={cls.server}/{certificate}.crt -c ssl_key_file={cls.server}/{certificate}.key")
        done = subprocess.run((["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.geteuid() == 0 else []) +
                              [f"{BIN}/pg_ctl", "-D", cls.data, "-o", options, "-l", f"{cls.data}/log", "-w", "start"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=90)
        if done.returncode != 0:
            raise AssertionError(pathlib.Path(cls.data, "log").read_text())
        with open(os.path.join(cls.data, "pg_hba.conf"), "w", encoding="utf-8") as hba:
            hba.write("local all all trust\nhost all all all trust\n")
        cls.run_as_server(f"{BIN}/pg_ctl", "-D", cls.data, "reload")

    def current(self, host, options="", env=None, check=0):
        folder = self.project({})
        home = {"HOME": self.folder, **(env or {})}
        url = f"postgresql://limbeck:{PASSWORD}@{host}:{self.port}/postgres?connect_timeout=20{options}"
        result = limbeck("current", "--url", url, folder=folder, env=home, check=check)
        self.assertNotIn(PASSWORD, result.stdout + result.stderr)
        return result

    def refused(self, *arguments, **options):
        text = self.current(*arguments, **options, check=9).stderr
        self.assertIn("sslmode=verify-full", text)  # what was asked for, and how less is asked for
        self.assertIn("sslmode=disable", text)
        self.assertIn("sslrootcert=", text)
        return text

    @property
    def trusted(self):
        return f"&sslrootcert={self.server}/ca.crt"

    def test_a_server_that_shows_who_it_is(self):
        self.configure("server", "on")
        self.current("0.0.0.0", self.trusted)
        self.current("0.0.0.0", env={"PGSSLROOTCERT": f"{self.server}/ca.crt"})
        # The certificates that a home folder trusts.
        os.mkdir(os.path.join(self.folder, ".postgresql"))
        shutil.copy(f"{self.server}/ca.crt", os.path.join(self.folder, ".postgresql", "root.crt"))
        self.current("0.0.0.0")

    def test_a_certificate_that_nobody_trusts(self):
        self.configure("server", "on")
        self.assertIn("certificate", self.refused("0.0.0.0"))

    def test_a_certificate_of_another_host(self):
        self.configure("other", "on")
        self.assertIn("does not match host name", self.refused("0.0.0.0", self.trusted))
        self.current("0.0.0.0", self.trusted + "&sslmode=verify-ca")

    def test_a_server_without_encryption(self):
        self.configure("server", "off")
        self.assertIn("does not support SSL", self.refused("0.0.0.0", self.trusted))

    def test_less_is_enough_when_it_is_said(self):
        self.configure("server", "off")
        for options, env in (("&sslmode=disable", {}), ("&sslmode=prefer", {}), ("", {"PGSSLMODE": "disable"}), ("", {"PGSSLMODE": "prefer"})):
            with self.subTest(options=options, env=env):
                self.current("0.0.0.0", options, env)
        services = os.path.join(self.folder, "services")
        pathlib.Path(services).write_text("[plain]\nsslmode=disable\n\n[silent]\ndbname=postgres\n")
        self.current("0.0.0.0", "&service=plain", {"PGSERVICEFILE": services})
        self.current("0.0.0.0", "", {"PGSERVICEFILE": services, "PGSERVICE": "plain"})
        self.refused("0.0.0.0", "&service=silent", env={"PGSERVICEFILE": services})

    def test_this_machine_is_not_asked(self):
        self.configure("server", "off")
        for host, options in (("127.0.0.1", ""), ("localhost", ""), ("", f"&host={self.server}"), ("elsewhere.example", "&hostaddr=127.0.0.1")):
            with self.subTest(host=host):
                self.current(host, options)
        self.refused("localhost", "&hostaddr=0.0.0.0")
        self.refused("127.0.0.1", f"&host=127.0.0.1,0.0.0.0&port={self.port},{self.port}")

    def test_pg_dump_is_asked_the_same(self):
        """A backup does not go over a connection that the run itself would refuse."""
        folder = self.project({"r1.sql": "-- one\n--\n-- limbeck:revision r1\n\n-- limbeck:upgrade\nSELECT 1;\n"})
        bin_folder = pathlib.Path(folder, "bin")
        bin_folder.mkdir()
        for name in ("pg_dump", "pg_restore"):
            program = bin_folder / name
            program.write_text(f'#!/bin/sh\necho "$0 $*" >>{folder}/calls\nexec {shutil.which(name)} "$@"\n')
            program.chmod(0o755)
        self.configure("server", "on")
        url = f"postgresql://limbeck@0.0.0.0:{self.port}/postgres?sslrootcert={self.server}/ca.crt"
        limbeck("backup", "--url", url, folder=folder, check=0,
                env={"HOME": self.folder, "PATH": f"{bin_folder}:{os.environ['PATH']}"})
        dumped = [line for line in pathlib.Path(folder, "calls").read_text().splitlines() if "--format=custom" in line]
        self.assertEqual(1, len(dumped))
        self.assertIn("sslmode='verify-full'", dumped[0])


if __name__ == "__main__":
    unittest.main()
