package io.solebox.app;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.airgap.AirGapWish;
import io.solebox.app.airgap.Installation;
import io.solebox.app.airgap.prove.AirGapCommand;
import io.solebox.app.audit.AuditCommand;
import io.solebox.app.backup.BackupCommand;
import io.solebox.app.backup.OwnBackup;
import io.solebox.app.backup.RestoreCommand;
import io.solebox.app.bench.BenchCommand;
import io.solebox.app.bench.SynthCommand;
import io.solebox.app.board.BoardCommand;
import io.solebox.app.bundle.BundleCommand;
import io.solebox.app.bundle.KeysCommand;
import io.solebox.app.cert.CertCommand;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.RawArgument;
import io.solebox.app.doctor.DoctorCommand;
import io.solebox.app.document.DocumentCommand;
import io.solebox.app.grammar.GrammarCommand;
import io.solebox.app.host.HostCommand;
import io.solebox.app.model.DetokenizeCommand;
import io.solebox.app.model.DevicesCommand;
import io.solebox.app.model.EmbedCommand;
import io.solebox.app.model.InspectCommand;
import io.solebox.app.model.LogitsCommand;
import io.solebox.app.model.RerankCommand;
import io.solebox.app.model.TemplateCommand;
import io.solebox.app.model.TokenizeCommand;
import io.solebox.app.plan.PlanCommand;
import io.solebox.app.plan.ServedPlans;
import io.solebox.app.power.PowerCommand;
import io.solebox.app.quality.CompareCommand;
import io.solebox.app.quality.ImatrixCommand;
import io.solebox.app.quality.PerplexityCommand;
import io.solebox.app.quality.QualityCommand;
import io.solebox.app.receipts.BoxCommand;
import io.solebox.app.receipts.ReceiptCommand;
import io.solebox.app.receipts.ReplayCommand;
import io.solebox.app.run.ChatCommand;
import io.solebox.app.run.RunCommand;
import io.solebox.app.scout.ScoutCommand;
import io.solebox.app.scout.ServedScout;
import io.solebox.app.serve.ServeCommand;
import io.solebox.app.smoke.SmokeCommand;
import io.solebox.app.state.StateCommand;
import io.solebox.app.store.ConvertCommand;
import io.solebox.app.store.ModelsCommand;
import io.solebox.app.store.PullCommand;
import io.solebox.app.store.QuantizeCommand;
import io.solebox.app.toolcalls.ToolCallsCommand;
import io.solebox.app.update.ServedUpdates;
import io.solebox.app.update.UpdateCommand;
import io.solebox.app.usage.UsageCommand;
import io.solebox.app.users.KeysAddCommand;
import io.solebox.app.users.KeysRevokeCommand;
import io.solebox.app.users.UsersCommand;
import io.solebox.app.watch.WatchCommand;
import io.solebox.engine.error.SoleboxException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Wires the commands, and turns whatever happens into one line and an exit code. */
public final class Main {
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  /** The commands about the air gap, which run without. */
  private static final String GAP = "airgap";

  private Main() {}

  /** Runs a command and ends the process: 0 fine, 1 failed, 2 wrong usage. */
  public static void main(String[] arguments) {
    System.exit(start(Environment.system(), arguments));
  }

  /** Closes the gap where there is to be one, and only then does anything else. */
  private static int start(Environment environment, String[] arguments) {
    try {
      AirGap gap = Installation.of(wish(environment, arguments));
      Console console = Console.system();
      if (gap instanceof AirGap.Leaky(var reasons)) {
        console.error("WARNING: this process is NOT air-gapped: " + String.join("; ", reasons));
      }
      return run(console, environment.with(gap), arguments);
    } catch (SoleboxException e) {
      Console.system().error("solebox: " + e.describe());
      return FAILED;
    }
  }

  /** What looks after the gap computes nothing, and begins processes that try to cross it. */
  private static AirGapWish wish(Environment environment, String[] arguments) {
    return arguments.length > 0 && arguments[0].equals(GAP)
        ? AirGapWish.NONE
        : AirGapWish.of(arguments, environment.variables(), environment.dataFolder());
  }

  /** As {@link #main}, without the end of the process. */
  static int run(Console console, Environment environment, String... arguments) {
    var root = new SoleboxCommand();
    var commandLine = new CommandLine(root);
    register(commandLine, commands(console, environment), arguments);
    commandLine.setOut(console.outWriter());
    commandLine.setErr(console.errWriter());
    commandLine.setColorScheme(
        Help.defaultColorScheme(console.colours() ? Help.Ansi.ON : Help.Ansi.OFF));
    commandLine.setUsageHelpAutoWidth(false);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.registerConverter(Path.class, RawArgument::path);
    commandLine.setParameterExceptionHandler((e, _) -> wrongUsage(console, e));
    commandLine.setExecutionStrategy(
        parsed -> {
          requireGap(root, environment, parsed);
          return new RunLast().execute(parsed);
        });
    commandLine.setExecutionExceptionHandler((e, _, _) -> failed(console, environment, e));
    int exitCode = commandLine.execute(arguments);
    return console.flush() ? exitCode : FAILED;
  }

  /** An option that stood where nobody saw it in time, as in a file of arguments, is no gap. */
  private static void requireGap(SoleboxCommand root, Environment environment, ParseResult parsed) {
    if (root.wish() != AirGapWish.NONE && environment.airGap() instanceof AirGap.Open) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          AirGapWish.OPTION
              + " is for commands that compute, and must stand on the command line itself");
    }
  }

  private static Map<String, Supplier<Object>> commands(Console console, Environment environment) {
    var commands = new LinkedHashMap<String, Supplier<Object>>();
    commands.put("run", () -> new RunCommand(console, environment));
    commands.put("chat", () -> new ChatCommand(console, environment));
    commands.put(
        "serve",
        () ->
            new ServeCommand(
                console,
                environment,
                AirGapCommand.prover(SoleboxCommand.Version.version(), environment.airGap()),
                new ServedPlans(console, environment),
                new ServedScout(environment, Clock.systemDefaultZone()),
                ServedUpdates.here(SoleboxCommand.Version.version()),
                (state, restart) ->
                    new OwnBackup(environment, state, SoleboxCommand.Version.version(), restart)));
    commands.put(
        "models",
        () ->
            ModelsCommand.with(console, environment)
                .addSubcommand(new QualityCommand(console, environment)));
    commands.put("pull", () -> new PullCommand(console, environment));
    commands.put("bundle", () -> BundleCommand.with(console, environment));
    commands.put(
        "keys",
        () ->
            KeysCommand.with(console, environment)
                .addSubcommand(new KeysAddCommand(console, environment))
                .addSubcommand(new KeysRevokeCommand(console, environment)));
    commands.put("users", () -> UsersCommand.with(console, environment));
    commands.put("usage", () -> new UsageCommand(console, environment));
    commands.put(
        "backup", () -> new BackupCommand(console, environment, SoleboxCommand.Version.version()));
    commands.put("restore", () -> new RestoreCommand(console, environment));
    commands.put("state", () -> StateCommand.with(console, environment));
    commands.put(
        "update", () -> UpdateCommand.with(console, environment, SoleboxCommand.Version.version()));
    commands.put("audit", () -> AuditCommand.with(console, environment));
    commands.put("box", () -> BoxCommand.with(console, environment));
    commands.put("cert", () -> new CertCommand(console, environment));
    commands.put(
        GAP, () -> AirGapCommand.with(console, environment, SoleboxCommand.Version.version()));
    commands.put("replay", () -> new ReplayCommand(console, environment));
    commands.put("receipt", () -> ReceiptCommand.with(console, environment));
    commands.put("doctor", () -> new DoctorCommand(console, environment));
    commands.put(
        "smoke", () -> new SmokeCommand(console, environment, SoleboxCommand.Version.version()));
    commands.put("plan", () -> new PlanCommand(console, environment));
    commands.put("power", () -> PowerCommand.with(console, environment));
    commands.put("board", () -> BoardCommand.with(console, environment));
    commands.put(
        "host", () -> HostCommand.with(console, environment, SoleboxCommand.Version.version()));
    commands.put("scout", () -> ScoutCommand.with(console, environment));
    commands.put("devices", () -> new DevicesCommand(console));
    commands.put("watch", () -> new WatchCommand(console, environment));
    commands.put("inspect", () -> new InspectCommand(console, environment));
    commands.put("tokenize", () -> new TokenizeCommand(console, environment));
    commands.put("detokenize", () -> new DetokenizeCommand(console, environment));
    commands.put("template", () -> new TemplateCommand(console, environment));
    commands.put("toolcalls", () -> ToolCallsCommand.with(console, environment));
    commands.put("grammar", () -> GrammarCommand.with(console));
    commands.put("logits", () -> new LogitsCommand(console, environment));
    commands.put("document", () -> new DocumentCommand(console));
    commands.put("embed", () -> new EmbedCommand(console, environment));
    commands.put("rerank", () -> new RerankCommand(console, environment));
    commands.put("perplexity", () -> new PerplexityCommand(console, environment));
    commands.put("compare", () -> new CompareCommand(console, environment));
    commands.put("convert", () -> new ConvertCommand(console, environment));
    commands.put("imatrix", () -> new ImatrixCommand(console, environment));
    commands.put("quantize", () -> new QuantizeCommand(console, environment));
    commands.put(
        "bench", () -> new BenchCommand(console, environment, SoleboxCommand.Version.version()));
    commands.put("synth", () -> new SynthCommand(console));
    return commands;
  }

  /** The command that is asked for alone, if it is clear: looking at all of them takes 0.1 s. */
  private static void register(
      CommandLine commandLine, Map<String, Supplier<Object>> commands, String[] arguments) {
    if (arguments.length > 0 && commands.containsKey(arguments[0])) {
      commandLine.addSubcommand(commands.get(arguments[0]).get());
    } else {
      commands.values().forEach(command -> commandLine.addSubcommand(command.get()));
    }
  }

  private static int wrongUsage(Console console, ParameterException e) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = e.getMessage();
    console.error(name + ": " + (message.endsWith(".") ? message : message + "."));
    console.error("Try '" + name + " --help'.");
    return WRONG_USAGE;
  }

  private static int failed(Console console, Environment environment, Exception e) {
    switch (e) {
      case Console.OutputClosedException closed when !closed.isReaderGone() ->
          console.error("solebox: stdout could not be written: " + closed.getMessage() + ".");
      case Console.OutputClosedException _ -> {
        // Whoever read our answer has heard enough (`solebox run | head -1`): nothing to say.
      }
      case SoleboxException known -> console.error("solebox: " + known.describe());
      case InterruptedException _ -> console.error("solebox: interrupted");
      default ->
          console.error(
              "solebox: an error in Solebox itself: "
                  + e
                  + (environment.debug() ? "" : " (SOLEBOX_DEBUG=1 shows where it happened)"));
    }
    if (environment.debug()) {
      var trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      console.error(trace.toString());
    }
    return FAILED;
  }
}
