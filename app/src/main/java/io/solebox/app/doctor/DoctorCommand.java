package io.solebox.app.doctor;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.OwnLook;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.bundle.BadBundle;
import io.solebox.hardware.bundle.Bundles;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Doctor;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.FindingFields;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.check.Checks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Says what is wrong with a machine and in which order to put it right. It ends with 1 if something
 * failed, and never for another reason: what cannot be diagnosed is wrong usage.
 */
@Command(
    name = "doctor",
    description = "Say what is wrong with this machine's hardware, and what to do first.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DoctorCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @Option(
      names = "--bundle",
      paramLabel = "FILE|FOLDER",
      description = "Diagnose a machine that was captured, in place of this one.")
  private Path bundle;

  @Option(
      names = "--collect",
      paramLabel = "FILE",
      description =
          "Capture this machine into FILE (tar.gz), for --bundle elsewhere: what the checks read,"
              + " without serial numbers, addresses and names. What it holds is shown first.")
  private Path collect;

  @Option(names = "--yes", description = "Write what --collect has shown without asking.")
  private boolean yes;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Option(
      names = "--explain",
      paramLabel = "ID",
      description = "Say what a check reads, when it complains, and what it explains.")
  private String explain;

  public DoctorCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (explain != null) {
      new Explanation(console).print(check(explain));
      return 0;
    }
    if (collect != null) {
      return collect(collect);
    }
    List<Finding> findings =
        bundle == null
            ? OwnLook.examine(environment, why -> console.error("note: " + why))
            : new Doctor(Checks.all()).examine(captured());
    if (json) {
      console.println(Json.text(FindingFields.of(findings)));
    } else {
      new Report(console).print(findings);
    }
    return findings.stream().anyMatch(each -> each.verdict() == Verdict.FAIL) ? 1 : 0;
  }

  private int collect(Path file) {
    if (Files.exists(file)) {
      throw new ParameterException(
          spec.commandLine(), file + " is there already; name another file");
    }
    if (!yes && !console.inIsTerminal()) {
      throw new ParameterException(
          spec.commandLine(), "nobody can be asked whether it may be written; --yes says so");
    }
    return new Collecting(console).collect(collected(), file, yes) ? 0 : 1;
  }

  private Check check(String id) {
    List<Check> checks = Checks.all();
    return checks.stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "there is no check "
                        + id
                        + "; there are "
                        + checks.stream().map(Check::id).collect(Collectors.joining(", "))));
  }

  private Box collected() {
    return bundle == null ? OwnLook.now(environment).box() : captured();
  }

  private Box captured() {
    try {
      return Bundles.open(bundle);
    } catch (NoSuchFileException e) {
      throw new ParameterException(spec.commandLine(), "there is no " + bundle, e);
    } catch (BadBundle e) {
      throw new ParameterException(
          spec.commandLine(), bundle + " is not read: " + e.getMessage() + ". " + e.remedy(), e);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), bundle + " cannot be read: " + e.getMessage(), e);
    }
  }
}
