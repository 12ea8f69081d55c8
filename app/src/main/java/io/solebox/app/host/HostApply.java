package io.solebox.app.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.host.HostDesk;
import io.solebox.server.host.HostRequest;
import io.solebox.server.host.HostRequests;
import io.solebox.server.host.HostRequests.Written;
import io.solebox.server.host.HostResult;
import io.solebox.server.host.HostResult.Trouble;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Does as root what a server wants of its machine, one request after the other, and as long as a
 * connection is on trial: whoever confirms it asks for that, too.
 */
final class HostApply {
  private static final List<String> KINDS =
      List.of("network", "network-keep", "air-gap", "name", "time-zone", "power");

  private static final List<String> KINDS_OF_SLOTS = List.of("update", "update-back");

  private final RequestFolder folder;
  private final HostFiles files;
  private final HostTools tools;
  private final Networks networks;
  private final GapFiles gap;
  private final HostMachine machine;
  private final SlotUpdates updates;
  private final Clock clock;
  private final Consumer<String> told;

  /**
   * @param told takes lines for whoever looks after the machine; no secrets
   */
  HostApply(
      RequestFolder folder,
      HostFiles files,
      HostTools tools,
      SlotUpdates updates,
      Clock clock,
      Consumer<String> told) {
    this.folder = folder;
    this.files = files;
    this.tools = tools;
    this.networks = new Networks(files, tools, clock);
    this.gap = new GapFiles(files, tools);
    this.machine = new HostMachine(files);
    this.updates = updates;
    this.clock = clock;
    this.told = told;
  }

  /** What passes time until the next look. */
  @FunctionalInterface
  interface Pause {
    void pass() throws InterruptedException;
  }

  /**
   * What is due when the machine has started: a connection that was on trial is not kept, as nobody
   * has confirmed it; an air gap that its owner has ended is open again.
   */
  void afterStart() throws IOException, InterruptedException {
    Optional<Networks.Trial> trial = networks.trial();
    if (trial.isPresent()) {
      revert(trial.get(), "the machine has started anew before anybody confirmed it");
    }
    gap.afterStart()
        .ifPresent(state -> told.accept("The air gap is off; the firewall is " + state));
  }

  /** Does all that lies there, and what comes while a connection is on trial. */
  void run(Pause pause) throws IOException, InterruptedException {
    tellMachine();
    doAll();
    Optional<Networks.Trial> trial = networks.trial();
    while (trial.isPresent()) {
      if (clock.instant().isBefore(trial.get().until())) {
        pause.pass();
        doAll();
      } else {
        revert(trial.get(), "nobody has confirmed it in time");
      }
      trial = networks.trial();
    }
  }

  private void doAll() throws IOException, InterruptedException {
    for (RequestFolder.Found found : folder.take()) {
      switch (found) {
        case RequestFolder.Found.Bytes(String name, byte[] all) -> read(name, all);
        case RequestFolder.Found.Refused(String name, String why) -> refuse(name, why);
      }
      tellMachine();
    }
  }

  private void read(String name, byte[] all) throws InterruptedException {
    Written written;
    try {
      written = HostRequests.read(all);
    } catch (SoleboxException e) {
      refuse(name, e.explanation());
      return;
    }
    if (!name.equals(HostDesk.name(written.id()))) {
      refuse(name, "it has another name than it says");
      return;
    }
    String kind = written.request().kind();
    folder.write(name, HostResult.running(written.id(), kind, Map.of()).bytes());
    try {
      HostResult result = perform(written);
      folder.write(name, result.bytes());
      told.accept(kind + ": " + (result.state() == HostResult.State.DONE ? "done" : "on trial"));
    } catch (SoleboxException e) {
      failed(written, Trouble.of(e));
    } catch (IOException e) {
      failed(
          written,
          new Trouble(
              ErrorCode.IO_ERROR.name(),
              kind,
              "The machine's files cannot be changed: " + e + ".",
              "See whether the disk is full, or may not be written."));
    }
  }

  private void failed(Written written, Trouble trouble) {
    String kind = written.request().kind();
    folder.write(
        HostDesk.name(written.id()), HostResult.failed(written.id(), kind, trouble).bytes());
    told.accept("%s failed: %s %s".formatted(kind, trouble.message(), trouble.remedy()));
  }

  /** What is no request gets an answer only where somebody could look for one. */
  private void refuse(String name, String why) {
    told.accept("A request was refused, as " + why);
    RequestFolder.id(name)
        .ifPresent(
            id ->
                folder.write(
                    name,
                    HostResult.failed(
                            id,
                            "",
                            new Trouble(
                                ErrorCode.INVALID_PARAMETER.name(),
                                "request",
                                why,
                                "Send another."))
                        .bytes()));
  }

  private HostResult perform(Written written) throws IOException, InterruptedException {
    HostRequest request = written.request();
    Map<String, Object> details = new LinkedHashMap<>();
    switch (request) {
      case HostRequest.Network wish -> {
        return network(written, wish);
      }
      case HostRequest.NetworkKeep(String of) -> keep(of);
      case HostRequest.Gap(boolean on) -> {
        networks.follow(on);
        details.putAll(gap.set(on));
      }
      case HostRequest.Name(String name) -> machine.setName(name);
      case HostRequest.TimeZone(String zone) -> zone(zone);
      case HostRequest.Power(boolean restart) ->
          run(List.of("systemctl", "--no-block", restart ? "reboot" : "poweroff"));
      case HostRequest.Update(boolean allowOlder) ->
          updates.install(allowOlder, new ToldProgress(folder, written));
      case HostRequest.UpdateBack() -> updates.rollBack();
    }
    return HostResult.done(written.id(), request.kind(), details);
  }

  private HostResult network(Written written, HostRequest.Network wish)
      throws IOException, InterruptedException {
    if (wish.wireless().isPresent() && !machine.hasRadio()) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          "ssid",
          "This machine has no radio that can be used.",
          "Connect it by a cable.");
    }
    List<Object> known = new ArrayList<>();
    machine.devices().forEach(device -> known.add(device.get("name")));
    if (wish.device().isPresent() && !known.contains(wish.device().get())) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "device",
          "This machine has no network card of this name.",
          "It has: " + known + ".");
    }
    Networks.Trial trial = networks.begin(written, wish, gap.isClosed());
    return HostResult.running(written.id(), wish.kind(), Map.of("until", trial.until().toString()));
  }

  private void keep(String id) throws IOException {
    if (!networks.keep(id)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "of",
          "No connection of this id is on trial.",
          "It was too late, or is confirmed already.");
    }
    folder.write(HostDesk.name(id), HostResult.done(id, "network", Map.of("kept", true)).bytes());
  }

  private void revert(Networks.Trial trial, String why) throws IOException, InterruptedException {
    networks.revert();
    told.accept("The connection from before is back: " + why);
    folder.write(
        HostDesk.name(trial.id()),
        HostResult.failed(
                trial.id(),
                "network",
                new Trouble(
                    ErrorCode.DEADLINE_EXCEEDED.name(),
                    "network",
                    "The connection from before is back, since " + why + ".",
                    "See whether address and cable are right, and choose again."))
            .bytes());
    tellMachine();
  }

  private void zone(String zone) throws IOException {
    if (!machine.knowsZone(zone)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "zone",
          "This machine knows no time zone of this name.",
          "Choose one as in Europe/Berlin.");
    }
    machine.setZone(zone);
  }

  private void run(List<String> command) throws InterruptedException {
    HostTools.Outcome outcome = tools.run(command);
    if (!outcome.worked()) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          String.join(" ", command),
          "The machine did not take that: " + outcome.words() + ".",
          "Try again.");
    }
  }

  private void tellMachine() throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    List<String> kinds = new ArrayList<>(KINDS);
    if (updates.possible()) {
      kinds.addAll(KINDS_OF_SLOTS);
    }
    all.put("kinds", kinds);
    updates.slots().ifPresent(slots -> all.put("slots", slots));
    all.put("devices", machine.devices());
    all.put("radio", machine.hasRadio());
    all.put("name", machine.name());
    machine.zone().ifPresent(zone -> all.put("zone", zone));
    all.put("air_gap", gap.isClosed());
    networks.chosen().ifPresent(chosen -> all.put("network", chosen));
    Optional<Instant> until = networks.trial().map(Networks.Trial::until);
    until.ifPresent(time -> all.put("trial_until", time.toString()));
    folder.write(HostDesk.MACHINE, new JsonWriter().bytes(all));
  }
}
