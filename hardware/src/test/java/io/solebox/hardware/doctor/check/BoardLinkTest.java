package io.solebox.hardware.doctor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Doctor;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import org.junit.jupiter.api.Test;

/** What a board says, as the doctor notes it. */
final class BoardLinkTest {
  private static final String WELL =
      """
      {"address":"uart:/dev/ttyAMA1",
       "info":{"board":"solebox-sim","firmware":"1.0.0","link":1,"boot":1,"after_watchdog":false},
       "status":{"state":"run","fault":"none","flags":["en_aux","en_core"],"fan_percent":45,
                 "fan_rpm":[1800,1790],"heartbeat_age_seconds":0.4,"bad_frames":0},
       "counts":{"asked":3,"bad":0}}
      """;

  private static final String EVENTS =
      """
      [{"number":7,"boot":1,"at_seconds":31.2,"from":"hold_reset","to":"run","cause":"done","fault":"none","value":0},
       {"number":8,"boot":1,"at_seconds":98.5,"from":"run","to":"fault","cause":"fault","fault":"host_silent","value":0}]
      """;

  private static Finding said(String status) {
    return Diagnosis.of(new BoardLink(), new TextBox().with("board-status.json", status)).only();
  }

  @Test
  void aBoardThatRunsIsWell() {
    Diagnosis.told(said(WELL), Verdict.OK, "solebox-sim", "firmware 1.0.0", "runs");
    Diagnosis.told(
        said(WELL.replace("\"run\"", "\"off\"")), Verdict.INFO, "off; the module has no power");
    TextBox before =
        new TextBox().with("board-status.json", WELL).with("board-events.json", EVENTS);
    Finding told = Diagnosis.of(new BoardLink(), before).only();
    Diagnosis.told(told, Verdict.INFO, "event 8, 98.5 s", "no heartbeat came from the host");
  }

  @Test
  void aFaultIsAFailureWithItsReasonAndWhatHelps() {
    TextBox box =
        new TextBox()
            .with(
                "board-status.json",
                WELL.replace("\"none\"", "\"host_silent\"").replace("\"run\"", "\"fault\""))
            .with("board-events.json", EVENTS)
            .with("lspci-nn.txt", "00:00.0 Host bridge [0600]: Intel Corporation X [8086:1237]\n");
    Finding told = Diagnosis.of(new BoardLink(), box).only();
    Diagnosis.told(told, Verdict.FAIL, "no heartbeat", "reset-fault", "power on");
    String event = told.evidence().get(1).text();
    assertTrue(event.startsWith("event 8"), event);
    assertTrue(event.endsWith("no heartbeat came from the host"), event);
    Finding gone =
        new Doctor(Checks.all())
            .examine(box).stream()
                .filter(each -> each.id().equals("gpu.present"))
                .findFirst()
                .orElseThrow();
    assertEquals("smc.link", gone.causedBy().orElseThrow());
  }

  @Test
  void whatWasMeasuredIsToldWithItsUnit() {
    String low = EVENTS.replace("host_silent\",\"value\":0", "v12_low\",\"value\":10912");
    TextBox box = new TextBox().with("board-status.json", WELL).with("board-events.json", low);
    Diagnosis.told(
        Diagnosis.of(new BoardLink(), box).only(), Verdict.INFO, "12 V is too low (10.91 V)");
  }

  @Test
  void whatIsWrongWithTheLinkIsSaid() {
    Diagnosis.told(
        said("{\"address\":\"uart:/dev/ttyAMA1\",\"silent\":\"no answer came\"}"),
        Verdict.WARN,
        "uart:/dev/ttyAMA1 does not answer: no answer came",
        "crossed");
    Diagnosis.told(
        said(WELL.replace("\"en_core\"", "\"host_late\"")), Verdict.WARN, "misses the host's");
    Diagnosis.told(said(WELL.replace("1790", "0")), Verdict.FAIL, "Fan 2 stands still", "45 %");
    Diagnosis.told(said(WELL.replace("\"link\":1", "\"link\":2")), Verdict.WARN, "version 2");
    Diagnosis.told(said(WELL.replace("\"bad\":0", "\"bad\":11")), Verdict.WARN, "11 frames");
    Diagnosis.told(said(WELL.replace("false", "true")), Verdict.WARN, "hung");
  }

  @Test
  void whatWasNotNotedIsNotRead() {
    TextBox none = new TextBox();
    Diagnosis.of(new BoardLink(), none).is(Verdict.NOT_APPLICABLE, "No board is named");
    Diagnosis.told(said("{\"state\":"), Verdict.NOT_READ, "does not say it");
    Diagnosis.told(said(WELL.replace("\"none\"", "\"later\"")), Verdict.NOT_READ, "does not say");
    TextBox root = new TextBox().unreadable("board-status.json", "root is needed");
    Diagnosis.of(new BoardLink(), root).is(Verdict.NOT_READ, "root is needed");
  }
}
