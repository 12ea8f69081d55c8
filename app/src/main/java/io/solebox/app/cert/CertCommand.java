package io.solebox.app.cert;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.QrText;
import io.solebox.server.ServerConfig;
import io.solebox.server.tls.BoxCertificates;
import io.solebox.server.tls.Fingerprint;
import io.solebox.server.tls.Tls;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The authority by which this machine's server is known, as people need it who are to trust it. */
@Command(
    name = "cert",
    description = "Show the authority of this machine that 'serve --tls' uses, to trust it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CertCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "As given to 'serve'. Default: server in the data folder.")
  private Optional<Path> state;

  @Option(names = "--pem", description = "Print the authority as PEM and nothing else.")
  private boolean pem;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "The server's, as phones are to call it, for the picture to scan. Default: this"
              + " machine's address and port "
              + ServerConfig.DEFAULT_PORT
              + ".")
  private Optional<String> url;

  @Option(
      names = "--renew",
      description =
          "Give the server a new certificate and a new key first; a running one takes them up.")
  private boolean renew;

  @Option(
      names = "--new-ca",
      description =
          "Make another authority first. Whoever trusts the one before has to trust anew.")
  private boolean newAuthority;

  public CertCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (pem && json) {
      throw new ParameterException(spec.commandLine(), "--pem and --json are two forms; give one");
    }
    Path box = state.orElse(environment.dataFolder().resolve("server"));
    var certificates =
        new BoxCertificates(box.resolve("tls"), note -> console.error("note: " + note));
    if (newAuthority) {
      certificates.replaceAuthority();
    } else if (renew) {
      certificates.renew();
    }
    X509Certificate authority = certificates.authority();
    if (pem) {
      console.print(Tls.pem(authority));
    } else if (json) {
      console.println(Json.text(fields(authority, certificates)));
    } else {
      show(authority, certificates);
    }
    return 0;
  }

  private static Map<String, Object> fields(
      X509Certificate authority, BoxCertificates certificates) {
    Map<String, Object> fields = new LinkedHashMap<>(one(authority));
    fields.put("file", certificates.file().toString());
    fields.put("pem", Tls.pem(authority));
    certificates
        .server()
        .ifPresent(
            server -> {
              Map<String, Object> its = new LinkedHashMap<>(one(server));
              its.put("names", BoxCertificates.names(server));
              fields.put("server", its);
            });
    return fields;
  }

  private static Map<String, Object> one(X509Certificate certificate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("fingerprint", Fingerprint.of(certificate));
    fields.put("subject", certificate.getSubjectX500Principal().getName());
    fields.put("until", certificate.getNotAfter().toInstant().toString());
    return fields;
  }

  private void show(X509Certificate authority, BoxCertificates certificates) {
    console.println("The authority of this machine, SHA-256:");
    console.println("  " + Fingerprint.of(authority));
    console.println(
        "%s, good until %s"
            .formatted(
                authority.getSubjectX500Principal().getName(),
                authority.getNotAfter().toInstant()));
    console.println("File: " + certificates.file());
    certificates
        .server()
        .ifPresent(
            server ->
                console.println(
                    "The server's certificate is for %s, good until %s"
                        .formatted(
                            String.join(", ", BoxCertificates.names(server)),
                            server.getNotAfter().toInstant())));
    String address =
        url.orElseGet(() -> "https://" + certificates.host() + ":" + ServerConfig.DEFAULT_PORT)
            + "/tls";
    console.println("");
    console.println("How to trust it, while the server runs with --tls: " + address);
    console.print(QrText.of(address));
  }
}
