package io.solebox.app.serve;

import io.solebox.server.ServerConfig;
import io.solebox.server.tls.TlsConfig;
import io.solebox.server.tls.TlsConfig.Certificate;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether a server encrypts, and with whose certificate. */
final class TlsOptions {
  private static final int MOST_PORT = 65_535;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--tls",
      description =
          "Encrypt, with a certificate of an authority that this machine makes for itself and that"
              + " clients are to trust once ('solebox cert').")
  private boolean own;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Encrypt with this certificate: PEM, the server's own first, then its signers. It takes"
              + " --tls-key; changed files are read again.")
  private Optional<Path> certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "The key of --tls-cert: PEM.")
  private Optional<Path> key;

  @Option(
      names = "--tls-p12",
      paramLabel = "FILE",
      description = "Encrypt with certificate and key of a PKCS#12 file; takes --tls-pass-file.")
  private Optional<Path> pkcs12;

  @Option(
      names = "--tls-pass-file",
      paramLabel = "FILE",
      description = "A file whose first line opens --tls-key or --tls-p12.")
  private Optional<Path> passFile;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description =
          "Let clients in by certificates that one of these authorities (PEM) has signed, as the"
              + " user or the key of the name in it; changed files are read again.")
  private Optional<Path> clientAuthority;

  @Option(
      names = "--client-cert-required",
      description = "Let nobody in without such a certificate, whatever else they bring.")
  private boolean clientsRequired;

  @Option(
      names = "--redirect-http",
      paramLabel = "PORT",
      description = "Listen on this port too, without encryption, and send browsers on.")
  private Optional<Integer> redirectPort;

  @Option(
      names = "--plain-http",
      description =
          "Let people with accounts come from other machines although nothing encrypts: whoever is"
              + " on the way reads their keys and texts. Passwords are taken at this machine"
              + " alone.")
  private boolean plain;

  /** Refuses what contradicts itself. */
  void check() {
    long ways = Stream.of(own, certificate.isPresent(), pkcs12.isPresent()).filter(w -> w).count();
    refuseIf(ways > 1, "--tls, --tls-cert and --tls-p12 are three ways to encrypt; give one");
    refuseIf(plain && ways > 0, "--plain-http is about no encryption, and --tls is one; give one");
    refuseIf(certificate.isPresent() != key.isPresent(), "--tls-cert and --tls-key go together");
    refuseIf(
        pkcs12.isPresent() && passFile.isEmpty(), "--tls-p12 takes --tls-pass-file, to open it");
    refuseIf(
        passFile.isPresent() && certificate.isEmpty() && pkcs12.isEmpty(),
        "--tls-pass-file opens --tls-key or --tls-p12, and neither is given");
    refuseIf(
        clientAuthority.isPresent() && ways == 0,
        "--client-ca is about encrypted connections, and there are none; give --tls");
    refuseIf(
        clientsRequired && clientAuthority.isEmpty(),
        "--client-cert-required takes --client-ca, to know whose certificates count");
    refuseIf(
        redirectPort.isPresent() && ways == 0,
        "--redirect-http sends people on to encryption, and there is none; give --tls");
    refuseIf(
        redirectPort.filter(port -> port < 0 || port > MOST_PORT).isPresent(),
        "--redirect-http must be 0 to " + MOST_PORT);
  }

  private void refuseIf(boolean wrong, String message) {
    if (wrong) {
      throw new ParameterException(command.commandLine(), message);
    }
  }

  /**
   * @param box the folder of this machine's own keys
   */
  ServerConfig apply(ServerConfig config, Path box) {
    ServerConfig told = plain ? config.withPlainHttp() : config;
    return chosen(box)
        .map(TlsConfig::of)
        .map(this::withClients)
        .map(this::withRedirect)
        .map(told::withTls)
        .orElse(told);
  }

  /** What is said of connections that nothing encrypts. */
  String warning() {
    return plain
        ? "warning: --plain-http: API keys and texts cross the network unencrypted, and whoever is"
            + " on the way can read, use and change them. Passwords are taken at this machine"
            + " alone."
        : "warning: API keys and texts cross the network unencrypted. Give --tls, or name the proxy"
            + " that encrypts with --proxy ADDRESS; with accounts this server would not start.";
  }

  private Optional<Certificate> chosen(Path box) {
    if (own) {
      return Optional.of(new Certificate.Own(box.resolve("tls")));
    }
    if (certificate.isPresent()) {
      return Optional.of(new Certificate.PemFiles(certificate.get(), key.orElseThrow(), passFile));
    }
    return pkcs12.map(file -> new Certificate.Pkcs12(file, passFile.orElseThrow()));
  }

  private TlsConfig withClients(TlsConfig tls) {
    return clientAuthority
        .map(file -> tls.withClients(new TlsConfig.Clients(file, clientsRequired)))
        .orElse(tls);
  }

  private TlsConfig withRedirect(TlsConfig tls) {
    return redirectPort.map(tls::withRedirectPort).orElse(tls);
  }
}
