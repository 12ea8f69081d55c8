package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox cert}: whom clients are to trust. */
class CertCommandTest {
  @TempDir Path home;

  private CliRunner.Result run(String... arguments) {
    CliRunner.Result result = new CliRunner(home).run(arguments);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  @Test
  void showsOneAuthorityHoweverItIsAsked() throws Exception {
    String pem = run("cert", "--pem").out();
    var certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    assertEquals(0, certificate.getBasicConstraints());
    var json = run("cert", "--json").object();
    assertEquals(pem, json.get("pem"));
    assertEquals(pem, Files.readString(Path.of((String) json.get("file"))));
    String text = run("cert", "--url", "https://box.lan:9000").out();
    assertTrue(text.contains((String) json.get("fingerprint")), text);
    assertTrue(text.contains("https://box.lan:9000/tls"), text);
    assertTrue(text.contains("▄"), text);
  }

  @Test
  void renewsWhatItIsAskedToAndNothingElse() throws Exception {
    Object authority = run("cert", "--json").object().get("pem");
    var first = CliRunner.asObject(run("cert", "--renew", "--json").object().get("server"));
    var second = run("cert", "--renew", "--json").object();
    assertEquals(authority, second.get("pem"));
    var renewed = CliRunner.asObject(second.get("server"));
    assertNotEquals(first.get("fingerprint"), renewed.get("fingerprint"));
    assertEquals(first.get("names"), renewed.get("names"));
    var replaced = run("cert", "--new-ca", "--json").object();
    assertNotEquals(authority, replaced.get("pem"));
    Path folder = home.resolve("server/tls");
    for (String secret : new String[] {"ca.key", "server.pem"}) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))));
    }
    assertEquals(2, new CliRunner(home).run("cert", "--json", "--pem").exitCode());
  }
}
