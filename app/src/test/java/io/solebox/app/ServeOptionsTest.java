package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of {@code serve} that contradict each other are told apart before anything starts. */
class ServeOptionsTest {
  @TempDir Path home;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --tls --tls-cert c.pem --tls-key k.pem | three ways
          --tls-cert c.pem                       | go together
          --tls-key k.pem                        | go together
          --tls-p12 f.p12                        | --tls-pass-file
          --tls --tls-pass-file f                | neither is given
          --redirect-http 80                     | give --tls
          --tls --redirect-http 70000            | 65535
          --tls --plain-http                     | give one
          --client-ca ca.pem                     | give --tls
          --tls --client-cert-required           | takes --client-ca
          --oidc-client box                      | give --oidc-issuer
          --oidc-unknown make                    | give --oidc-issuer
          --oidc-ca no.pem                       | give --oidc-issuer
          --oidc-issuer https://login.example    | takes --oidc-client
          --oidc-issuer https://x --oidc-client b --oidc-unknown king | refuse, approve or make
          """)
  void contradictions(String options, String words) {
    var command = ("serve --only " + options).split(" ");
    CliRunner.Result result = new CliRunner(home).run(command);
    assertEquals(2, result.exitCode(), result.err());
    assertTrue(result.err().contains(words), result.err());
  }

  /** What is on this machine may be asked also where nobody else may. */
  @Test
  void toolsOnOtherMachinesAreRefusedOffline() throws IOException {
    Path file = home.resolve("mcp.json");
    CliRunner offline = new CliRunner(home).with("SOLEBOX_OFFLINE", "1");
    for (String url : List.of("https://192.0.2.1/mcp", "http://127.0.0.1:1/mcp")) {
      Files.writeString(file, "{\"mcpServers\": {\"wiki\": {\"url\": \"%s\"}}}".formatted(url));
      CliRunner.Result result =
          offline.run("serve", "no-model", "--only", "--mcp", file.toString());
      boolean told = result.err().contains("'wiki', which is on another machine");
      assertEquals(url.contains("192"), told, result.err());
    }
    Files.writeString(file, "{\"mcpServers\": {\"wiki\": {}}}");
    String err = offline.run("serve", "no-model", "--only", "--mcp", file.toString()).err();
    assertTrue(err.contains("neither 'command' nor 'url'"), err);
  }

  @Test
  void peopleAreNotLetInInTheClear() {
    CliRunner cli = new CliRunner(home);
    String model = cli.synth(home, "tiny", "F32");
    CliRunner.Result result =
        cli.run("serve", model, "--only", "--accounts", "--host", "0.0.0.0", "--device", "cpu");
    assertEquals(1, result.exitCode(), result.err());
    assertTrue(result.err().contains("--plain-http"), result.err());
  }
}
