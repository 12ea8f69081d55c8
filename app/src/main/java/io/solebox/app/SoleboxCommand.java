package io.solebox.app;

import io.solebox.app.airgap.AirGapWish;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command that holds the others. */
@Command(
    name = "solebox",
    description = "A private, offline LLM appliance: one machine, your models, no network.",
    mixinStandardHelpOptions = true,
    versionProvider = SoleboxCommand.Version.class,
    subcommands = CommandLine.HelpCommand.class,
    footerHeading = "%nMODEL is a path or a name:%n",
    footer = {
      "  a name is the file models/NAME.gguf in the data folder ($SOLEBOX_HOME, or",
      "  solebox in the XDG data folder); left out, it is the small built-in guide.",
      "",
      "Exit codes: 0 fine, 1 failed, 2 wrong usage."
    })
final class SoleboxCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  // Main has seen to these before it came to commands; here they are known to all of them.
  @Option(
      names = AirGapWish.OPTION,
      scope = ScopeType.INHERIT,
      description =
          "Let the kernel keep this process from reaching anything outside it, for as long as it"
              + " runs; as with SOLEBOX_AIR_GAP=1.")
  private boolean airGap;

  @Option(
      names = AirGapWish.OPTION_IF_POSSIBLE,
      scope = ScopeType.INHERIT,
      description = "The same, and go on where it cannot.")
  private boolean airGapIfPossible;

  /** What the options say. */
  AirGapWish wish() {
    if (airGap) {
      return AirGapWish.REQUIRED;
    }
    return airGapIfPossible ? AirGapWish.IF_POSSIBLE : AirGapWish.NONE;
  }

  /** Without a command: what there is to choose from, and wrong usage for scripts. */
  @Override
  public Integer call() {
    CommandLine commandLine = spec.commandLine();
    commandLine.getErr().println("solebox: What should be done? Name a command.");
    commandLine.usage(commandLine.getErr(), commandLine.getColorScheme());
    return Main.WRONG_USAGE;
  }

  /** The version that the build wrote into the module descriptor. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"solebox " + version()};
    }

    static String version() {
      var descriptor = Main.class.getModule().getDescriptor();
      return descriptor == null ? "development" : descriptor.rawVersion().orElse("development");
    }
  }
}
