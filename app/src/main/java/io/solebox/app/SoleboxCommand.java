package io.solebox.app;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
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
