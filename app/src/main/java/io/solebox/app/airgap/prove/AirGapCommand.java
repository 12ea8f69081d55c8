package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.server.box.GapProver;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about the air gap. */
@Command(
    name = "airgap",
    description = "Prove that nothing leaves this machine, and let everything run so.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class AirGapCommand implements Runnable {
  @Spec private CommandSpec spec;

  private AirGapCommand() {}

  /**
   * With the commands that it holds.
   *
   * @param version of this build
   */
  public static CommandLine with(Console console, Environment environment, String version) {
    return new CommandLine(new AirGapCommand())
        .addSubcommand(new ProveCommand(console, environment, version))
        .addSubcommand(new VerifyCommand(console, environment))
        .addSubcommand(new SettingCommand(console, environment))
        .addSubcommand(new AttemptsCommand(console));
  }

  /**
   * What proves the gap for a server: in two processes, or in its own where it is behind the wall.
   *
   * @param gap around the server
   */
  public static GapProver prover(String version, AirGap gap) {
    return switch (gap) {
      case AirGap.Closed closed ->
          key -> SignedProof.write(new InsideProver(version, closed).proof(), key);
      case AirGap.Open _, AirGap.Leaky _ ->
          key -> SignedProof.write(new Prover(version, false, _ -> {}).proof(), key);
    };
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What should be done? Name a command: prove, verify, setting");
  }
}
