package io.solebox.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.update.file.Architecture;
import io.solebox.app.update.slot.Machine;
import io.solebox.app.update.slot.SlotDisk;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.host.HostDesk;
import io.solebox.server.host.HostRequest;
import io.solebox.server.host.HostRequest.Mode;
import io.solebox.server.host.HostRequest.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root does for a server, and what it does not, on the files of a made-up machine. */
class HostApplyTest {
  private static final String NETWORK = "etc/systemd/network/10-solebox.network";
  private static final Network STATIC =
      new Network(
          Optional.of("enp1s0"),
          Mode.STATIC,
          Optional.of("192.168.7.20/24"),
          Optional.of("192.168.7.1"),
          List.of("192.168.7.1"),
          Optional.empty(),
          5);

  @TempDir Path folder;
  private Path data;
  private HostFiles files;
  private HostDesk desk;
  private Instant now = Instant.parse("2026-12-01T00:00:00Z");
  private final List<List<String>> commands = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void machine() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
    files = new HostFiles(Files.createDirectory(folder.resolve("root")));
    Files.createDirectories(files.at("sys/class/net/enp1s0/device"));
    Files.writeString(files.at("sys/class/net/enp1s0/carrier"), "1\n");
    files.write("usr/share/zoneinfo/Europe/Berlin", "TZif");
    files.write("etc/nftables.conf", "");
    files.write("etc/nftables-open.conf", "");
    desk = HostDesk.in(data);
  }

  private final class Ticking extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private void withApply(Use use) throws IOException, InterruptedException {
    try (RequestFolder requests = RequestFolder.open(data)) {
      HostTools tools =
          command -> {
            commands.add(command);
            return new HostTools.Outcome(true, "");
          };
      var machine = new Machine(files.at(""), Architecture.here(), SlotDisk.SYSTEM);
      var updates = new SlotUpdates(machine, "1.0.0", data);
      use.of(new HostApply(requests, files, tools, updates, new Ticking(), told::add));
    }
  }

  private interface Use {
    void of(HostApply apply) throws IOException, InterruptedException;
  }

  /** One look; whoever waits for somebody to confirm a connection waits until its time is over. */
  private void apply() throws IOException, InterruptedException {
    withApply(apply -> apply.run(() -> now = now.plus(Duration.ofMinutes(1))));
  }

  private String state(String id) {
    return (String) desk.result(id).orElseThrow().get("state");
  }

  @Test
  void nothingCanBeAskedWhereNobodyDoesIt() {
    var refused = assertThrows(SoleboxException.class, () -> desk.ask(new HostRequest.Name("box")));
    assertTrue(refused.explanation().contains("not Solebox's to change"), refused::describe);
  }

  @Test
  void nameZoneAndPowerAreDoneAndTold() throws Exception {
    apply();
    String name = desk.ask(new HostRequest.Name("attic"));
    String zone = desk.ask(new HostRequest.TimeZone("Europe/Berlin"));
    String unknown = desk.ask(new HostRequest.TimeZone("Europe/Atlantis"));
    String power = desk.ask(new HostRequest.Power(true));
    assertEquals("waiting", state(name));
    apply();
    assertEquals("done", state(name));
    assertEquals("done", state(zone));
    assertEquals("failed", state(unknown));
    assertEquals("done", state(power));
    assertEquals("attic\n", Files.readString(files.at("etc/hostname")));
    assertEquals(
        Path.of("/usr/share/zoneinfo/Europe/Berlin"),
        Files.readSymbolicLink(files.at("etc/localtime")));
    assertEquals(List.of(List.of("systemctl", "--no-block", "reboot")), commands);
    Map<String, Object> machine = desk.machine().orElseThrow();
    assertEquals("attic", machine.get("name"));
    assertEquals("Europe/Berlin", machine.get("zone"));
  }

  @Test
  void connectionComesBackUnlessSomebodyConfirmsItInTime() throws Exception {
    apply();
    files.write(NETWORK, "before\n");
    String id = desk.ask(STATIC);
    withApply(
        apply ->
            apply.run(
                () -> {
                  assertEquals("running", state(id));
                  assertTrue(written().contains("Address=192.168.7.20/24\n"), this::written);
                  now = now.plus(Duration.ofMinutes(2));
                }));
    assertEquals("failed", state(id));
    assertEquals("before\n", written());
    assertEquals(List.of("networkctl", "reload"), commands.getLast());
  }

  @Test
  void confirmedConnectionStays() throws Exception {
    apply();
    String id = desk.ask(STATIC);
    withApply(
        apply ->
            apply.run(
                () -> {
                  desk.ask(new HostRequest.NetworkKeep("0".repeat(32))); // of another
                  desk.ask(new HostRequest.NetworkKeep(id));
                }));
    assertEquals("done", state(id));
    assertTrue(written().contains("Gateway=192.168.7.1\n"), this::written);
    assertEquals(
        "192.168.7.20/24",
        ((Map<?, ?>) desk.machine().orElseThrow().get("network")).get("address"));
  }

  @Test
  void connectionThatWasOnTrialWhenThePowerWentIsNotKept() throws Exception {
    apply();
    String id = desk.ask(STATIC);
    assertThrows(
        InterruptedException.class,
        () ->
            withApply(
                apply ->
                    apply.run(
                        () -> {
                          throw new InterruptedException("the power goes");
                        })));
    assertTrue(files.exists(NETWORK));
    withApply(HostApply::afterStart);
    assertFalse(files.exists(NETWORK));
    assertEquals("failed", state(id));
  }

  @Test
  void gapClosesThreeWaysAndTakesNamesAway() throws Exception {
    apply();
    String id = desk.ask(STATIC);
    withApply(apply -> apply.run(() -> desk.ask(new HostRequest.NetworkKeep(id))));
    assertTrue(written().contains("\nDNS=192.168.7.1\n"), this::written);
    commands.clear();
    desk.ask(new HostRequest.Gap(true));
    apply();
    assertTrue(Files.readString(files.at(GapFiles.UNIT)).contains("IPAddressDeny=any"));
    assertFalse(written().contains("\nDNS="), this::written);
    assertEquals(true, desk.machine().orElseThrow().get("air_gap"));
    assertEquals(
        List.of(
            List.of("networkctl", "reload"),
            List.of("nft", "-f", files.at("etc/nftables.conf").toString()),
            List.of("systemctl", "daemon-reload"),
            List.of("systemctl", "restart", "--no-block", "solebox.service")),
        commands);
    desk.ask(new HostRequest.Gap(false));
    apply();
    assertFalse(files.exists(GapFiles.UNIT));
    commands.clear();
    withApply(HostApply::afterStart);
    assertEquals("nft", commands.getLast().getFirst()); // a start has closed it
  }

  @Test
  void radioIsUsedOnlyWhereThereIsOneAndItsSecretIsRoots() throws Exception {
    apply();
    Network wish =
        new Network(
            Optional.of("wlan0"),
            Mode.DHCP,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.of(new HostRequest.Wireless("Zuhause ü", Optional.of(" back\\slash"))),
            5);
    String without = desk.ask(wish);
    apply();
    assertEquals("failed", state(without));
    Files.createDirectories(files.at("sys/class/net/wlan0/device"));
    Files.createDirectories(files.at("sys/class/net/wlan0/phy80211"));
    files.write("usr/libexec/iwd", "");
    String id = desk.ask(wish);
    withApply(apply -> apply.run(() -> desk.ask(new HostRequest.NetworkKeep(id))));
    Path secret = files.at("var/lib/iwd/=5a756861757365 c3bc.psk".replace(" ", "20"));
    assertEquals(
        "[Security]\nPassphrase=\\sback\\\\slash\n\n[Settings]\nAutoConnect=true\n",
        Files.readString(secret));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    assertFalse(desk.machine().orElseThrow().toString().contains("slash"));
  }

  @Test
  void hostileFilesAreTakenAwayAndBelievedInNothing() throws Exception {
    apply();
    Path requests = data.resolve("host/requests");
    Path secret =
        Files.writeString(folder.resolve("secret"), "{\"id\":\"" + "a".repeat(32) + "\"}");
    Files.createSymbolicLink(requests.resolve("a".repeat(32) + ".json"), secret);
    Files.write(requests.resolve("b".repeat(32) + ".json"), new byte[1 << 20]);
    Files.createDirectories(requests.resolve("c".repeat(32) + ".json/inside"));
    Files.writeString(
        requests.resolve("d".repeat(32) + ".json"),
        "{\"id\":\"%s\",\"kind\":\"shell\",\"command\":\"id\"}".formatted("d".repeat(32)));
    Files.writeString(
        requests.resolve("e".repeat(32) + ".json"),
        "{\"id\":\"%s\",\"kind\":\"name\",\"name\":\"x\\nUser=root\"}".formatted("e".repeat(32)));
    Files.writeString(
        requests.resolve("f".repeat(32) + ".json"),
        "{\"id\":\"%s\",\"kind\":\"name\",\"name\":\"fine\"}".formatted("0".repeat(32)));
    Files.writeString(requests.resolve("..json"), "{}");
    Files.writeString(requests.resolve("name.json"), "not JSON");
    apply();
    for (char each : "abcdef".toCharArray()) {
      assertEquals("failed", state(String.valueOf(each).repeat(32)), () -> "" + each);
    }
    assertEquals(List.of(), commands);
    assertFalse(files.exists("etc/hostname"));
    assertTrue(Files.exists(secret));
    try (var left = Files.list(requests)) {
      assertTrue(left.allMatch(path -> path.getFileName().toString().startsWith(".")));
    }
    assertEquals(7, told.stream().filter(line -> line.startsWith("A request was refused")).count());
  }

  @Test
  void linksInThePlaceOfFoldersAreNotFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createDirectories(data.resolve("host/results"));
    Files.createSymbolicLink(data.resolve("host/requests"), elsewhere);
    assertThrows(SoleboxException.class, () -> RequestFolder.open(data));
  }

  private String written() {
    try {
      return Files.readString(files.at(NETWORK));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
