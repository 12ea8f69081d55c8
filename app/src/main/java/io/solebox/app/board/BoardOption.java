package io.solebox.app.board;

import io.solebox.app.console.Environment;
import io.solebox.app.session.HardwareFile;
import io.solebox.app.session.OwnBoard;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.line.BoardAddress;
import io.solebox.hardware.settings.HardwareSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which board is spoken with. */
final class BoardOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private Optional<BoardAddress> at = Optional.empty();

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description = "What the owner says of the box, in place of the usual hardware.properties.")
  private Optional<Path> settings = Optional.empty();

  @Option(
      names = "--at",
      paramLabel = "PLACE",
      description =
          "Where the board is, in place of 'board' in hardware.properties: "
              + BoardAddress.FORMS
              + ".")
  void at(String place) {
    at =
        Optional.of(
            BoardAddress.of(place)
                .orElseThrow(
                    () ->
                        new ParameterException(
                            spec.commandLine(),
                            "--at is %s, and not as in %s".formatted(place, BoardAddress.FORMS))));
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where nobody has named one
   */
  LinkedBoard open(Environment environment) {
    if (at.isPresent()) {
      return OwnBoard.at(at.get(), environment);
    }
    HardwareSettings said = HardwareFile.read(settings, environment);
    return OwnBoard.of(said, environment)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    HardwareSettings.FILE,
                    "No board is named.",
                    "Name it, as in board=uart:/dev/ttyAMA1, or with --at."
                        + " 'solebox board simulate' gives one to try with."));
  }
}
