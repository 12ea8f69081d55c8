package io.solebox.app.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.update.slot.FakeMachine;
import io.solebox.app.update.slot.SlotDisk;
import io.solebox.app.update.slot.SlotName;
import io.solebox.engine.error.SoleboxException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, on a machine whose slots are files. */
final class UpdateCommandTest {
  @TempDir private Path folder;
  private FakeMachine fake;

  @BeforeEach
  void machine() throws IOException {
    fake = new FakeMachine(folder);
  }

  /** What a command printed; of one that failed the error, which is not empty. */
  private record Said(String out, String error) {
    String fine() {
      assertEquals("", error);
      return out;
    }
  }

  private Said run(String version, String... arguments) {
    var out = new ByteArrayOutputStream();
    var error = new StringBuilder();
    var console =
        new Console(
            new ByteArrayInputStream(new byte[0]), out, new ByteArrayOutputStream(), "", false);
    Path home = fake.outside();
    var environment =
        new Environment(Map.of("SOLEBOX_HOME", home.toString()), home, Optional.empty());
    var commands =
        UpdateCommand.with(
            new Updates(console, environment, fake.machine(SlotDisk.SYSTEM), version));
    commands.setExecutionExceptionHandler(
        (e, _, _) -> {
          error.append(e instanceof SoleboxException said ? said.describe() : e.toString());
          return 1;
        });
    commands.execute(arguments);
    console.flush();
    return new Said(out.toString(StandardCharsets.UTF_8), error.toString());
  }

  private String make(String version, String osrelease) throws IOException {
    Path root = fake.file("root.img", FakeMachine.system(version));
    Path kernel = fake.file("kernel.efi", FakeMachine.kernel(version, osrelease));
    Path out = fake.outside().resolve("solebox-" + version + "-x64.update");
    Said said =
        run(
            "1.0.0",
            "make",
            "--root=" + root,
            "--kernel=" + kernel,
            "--arch=x64",
            "--version=" + version,
            "--key=release",
            "--out=" + out);
    return said.error().isEmpty() ? out.toString() : said.error();
  }

  @Test
  void madeInspectedInstalledConfirmedAndTakenBack() throws IOException {
    String update = make("2.0.0", "PRETTY_NAME=Solebox\n");
    String inspected = run("1.0.0", "inspect", update).fine();
    assertTrue(inspected.startsWith("Solebox 2.0.0 for x64, made "), inspected);
    assertTrue(inspected.contains("signed by 'release', whom this machine trusts"), inspected);
    String installed = run("1.0.0", "install", update).fine();
    assertTrue(installed.contains("slot b: 2.0.0, which the next start tries"), installed);
    fake.runFrom(SlotName.B);
    String status = run("2.0.0", "status").fine();
    assertTrue(
        status.startsWith("running: 2.0.0 from slot b, on trial: it has 3 more starts"), status);
    assertTrue(run("2.0.0", "install", update).error().contains("runs already"));
    run("2.0.0", "confirm").fine();
    assertTrue(run("2.0.0", "status", "--json").fine().contains("\"state\":\"confirmed\""));
    assertEquals(
        "The next start takes slot a. Restart the machine.\n", run("2.0.0", "rollback").fine());
  }

  @Test
  void kernelThatSaysAVersionIsNotTaken() throws IOException {
    assertTrue(make("2.0.0", "VERSION_ID=2\n").contains("'VERSION_ID='"));
    assertFalse(Files.exists(fake.outside().resolve("solebox-2.0.0-x64.update")));
  }

  @Test
  void machineWithoutSlotsSaysHowItIsUpdated() throws IOException {
    Files.delete(
        folder.resolve("machine/dev/disk/by-partlabel").resolve(SlotName.B.partitionLabel()));
    String error = run("1.0.0", "status").error();
    assertTrue(error.contains("docs/install.md"), error);
  }
}
