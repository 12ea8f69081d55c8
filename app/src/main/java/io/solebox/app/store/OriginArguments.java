package io.solebox.app.store;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Secret;
import io.solebox.store.pull.source.HubSettings;
import io.solebox.store.pull.source.SourceSettings;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a person says of a source beside the model's name. */
public final class OriginArguments {
  private static final String SOLEBOX_API_KEY = "SOLEBOX_API_KEY";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description = "What a plain address must bring: 64 digits, as its publisher names them.")
  private Optional<String> sha256;

  @Option(
      names = "--insecure",
      description = "Speak to the registry without encryption, in a network that you trust.")
  private boolean insecure;

  SourceSettings settings(Environment environment) {
    HubSettings hub = HubSettings.of(environment.variables(), environment.home());
    return new SourceSettings(hub, insecure, sha256.map(this::digest), soleboxKey(environment));
  }

  private static Optional<Secret> soleboxKey(Environment environment) {
    String key = environment.variables().getOrDefault(SOLEBOX_API_KEY, "").strip();
    if (key.isEmpty()) {
      return Optional.empty();
    }
    if (!key.matches("[!-~]+")) { // else it would break the header
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          SOLEBOX_API_KEY,
          "This is no key: it has characters that no key has.",
          "Copy it as the owner of the other Solebox wrote it.");
    }
    return Optional.of(Secret.bearer(key));
  }

  private Digest digest(String text) {
    String hex = text.toLowerCase(Locale.ROOT).replaceFirst("^sha256:", "");
    return Digest.ofHex(hex)
        .orElseThrow(
            () ->
                new ParameterException(
                    command.commandLine(),
                    "--sha256 is '" + text + "', but must be 64 hexadecimal digits"));
  }
}
