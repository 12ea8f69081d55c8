package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.server.ServerConfig;
import io.solebox.server.accounts.oidc.OidcSettings;
import io.solebox.store.pull.http.Authority;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who signs people in beside this machine. */
final class OidcOptions {
  private static final String ISSUER = "--oidc-issuer";
  private static final String OFFLINE = "SOLEBOX_OFFLINE";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = ISSUER,
      paramLabel = "URL",
      description =
          "Let people sign in at this OpenID Connect issuer, as in"
              + " https://login.example/realms/box. The server asks it, and nobody else; it takes"
              + " --oidc-client.")
  private Optional<String> issuer;

  @Option(
      names = "--oidc-client",
      paramLabel = "ID",
      description = "By which the issuer knows this server.")
  private Optional<String> client;

  @Option(
      names = "--oidc-secret-file",
      paramLabel = "FILE",
      description = "The secret that goes with --oidc-client. Default: none, as of public clients.")
  private Optional<Path> secretFile;

  @Option(
      names = "--oidc-name-claim",
      paramLabel = "CLAIM",
      description =
          "What of a token is somebody's name here. Default: "
              + OidcSettings.USUAL_NAME_CLAIM
              + ".")
  private Optional<String> nameClaim;

  @Option(
      names = "--oidc-groups-claim",
      paramLabel = "CLAIM",
      description =
          "What of a token lists groups; the first that is one here counts, and who has none gets"
              + " no new account. Default: groups are given here.")
  private Optional<String> groupsClaim;

  @Option(
      names = "--oidc-domain",
      paramLabel = "DOMAIN",
      description =
          "Let in only people with a verified mail address of this domain. Can be given several"
              + " times. Default: all whom the issuer signs in.")
  private List<String> domains = List.of();

  @Option(
      names = "--oidc-unknown",
      paramLabel = "WHAT",
      description =
          "What becomes of people without an account: refuse, approve (an administrator has to) or"
              + " make (they get one). Default: refuse.")
  private Optional<String> unknown;

  @Option(
      names = "--oidc-ca",
      paramLabel = "FILE",
      description =
          "Trust an issuer whose certificate this authority (PEM) has signed, too. Default: those"
              + " that this Java trusts.")
  private Optional<Path> authority;

  /** Refuses what contradicts itself, and connections where there are to be none. */
  void check(Environment environment) {
    if (issuer.isEmpty()) {
      refuseIf(hasDetails(), "the --oidc options say more of an issuer; give " + ISSUER);
      return;
    }
    refuseIf(client.isEmpty(), ISSUER + " takes --oidc-client");
    unknown.ifPresent(this::unknown);
    String offline = environment.variables().getOrDefault(OFFLINE, "");
    refuseIf(
        !offline.isEmpty() && !offline.equals("0"),
        ISSUER + " opens connections to the issuer, and " + OFFLINE + " is set");
    environment
        .airGap()
        .closedBecause()
        .ifPresent(
            why -> {
              throw wrong(ISSUER + " opens connections to the issuer, but " + why);
            });
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException if the issuer, the secret or the authority is
   *     none
   */
  ServerConfig apply(ServerConfig config) {
    if (issuer.isEmpty()) {
      return config;
    }
    return config.withOidc(
        new OidcSettings(
            issuer.get(),
            client.orElseThrow(),
            secretFile.map(OidcSettings::secretIn),
            nameClaim.orElse(OidcSettings.USUAL_NAME_CLAIM),
            groupsClaim,
            domains,
            unknown.map(this::unknown).orElse(OidcSettings.Unknown.REFUSE),
            authority.map(file -> Authority.of(file).context())));
  }

  private boolean hasDetails() {
    return client.isPresent()
        || secretFile.isPresent()
        || nameClaim.isPresent()
        || groupsClaim.isPresent()
        || authority.isPresent()
        || !domains.isEmpty()
        || unknown.isPresent();
  }

  private OidcSettings.Unknown unknown(String word) {
    for (OidcSettings.Unknown each : OidcSettings.Unknown.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw wrong("--oidc-unknown is '" + word + "', but must be refuse, approve or make");
  }

  private void refuseIf(boolean wrong, String message) {
    if (wrong) {
      throw wrong(message);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
