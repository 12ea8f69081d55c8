package io.solebox.hardware.doctor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import org.junit.jupiter.api.Test;

/** What holds GPUs to what they may draw, and what feeds them. */
final class PowerChecksTest {
  private static final String SMI = "nvidia-smi-q.txt";

  private static Finding only(Check check, TextBox box) {
    return Diagnosis.of(check, box).only();
  }

  private static void isUnread(Check check) {
    assertEquals(Verdict.NOT_READ, only(check, new TextBox()).verdict());
  }

  private static String smi(String address, String... lines) {
    return "GPU 00000000:" + address + "\n    " + String.join("\n    ", lines) + "\n";
  }

  @Test
  void aCardWithoutAPowerLimitIsAFailure() {
    String pg199 = "01:00.0 3D controller [0302]: NVIDIA Corporation GA100 [10de:20bb] (rev a1)\n";
    Diagnosis.told(
        only(new PowerCap(), new TextBox().with("lspci-nn.txt", pg199)),
        Verdict.FAIL,
        "no power limit",
        "locked",
        "600 W");
    String none =
        smi(
            "01:00.0",
            "Product Name : X",
            "GPU Power Readings",
            "    Average Power Draw : 68.37 W",
            "    Current Power Limit : N/A");
    Diagnosis.told(
        only(new PowerCap(), new TextBox().with(SMI, none)), Verdict.FAIL, "no power limit");
    String capped =
        smi(
            "01:00.0",
            "Product Name : X",
            "GPU Power Readings",
            "    Average Power Draw : 68.37 W",
            "    Current Power Limit : 250.00 W");
    Diagnosis.told(only(new PowerCap(), new TextBox().with(SMI, capped)), Verdict.OK, "250 W");
    String laptop =
        none.replace("Product Name : X", "Product Name : NVIDIA GeForce RTX 4060 Laptop GPU");
    Diagnosis.told(only(new PowerCap(), new TextBox().with(SMI, laptop)), Verdict.INFO, "firmware");
    String named = none.replace("Product Name : X", "Product Name : NVIDIA DRIVE-PG199-PROD");
    Diagnosis.told(
        only(new PowerCap(), new TextBox().with(SMI, named)), Verdict.FAIL, "PG199", "600 W");
    isUnread(new PowerCap());
  }

  @Test
  void locksOfClocksShowWhileACardWorks() {
    String works =
        smi(
            "01:00.0",
            "Product Name : NVIDIA DRIVE-PG199-PROD",
            "Clocks Event Reasons",
            "    Idle : Not Active",
            "    SW Power Cap : Not Active",
            "    HW Slowdown : %s",
            "Utilization",
            "    Gpu : %d %%",
            "GPU Power Readings",
            "    Average Power Draw : 168.37 W",
            "    Current Power Limit : N/A",
            "Clocks",
            "    SM : %d MHz",
            "Max Clocks",
            "    SM : 1410 MHz");
    PowerCap check = new PowerCap();
    TextBox locked = new TextBox().with(SMI, works.formatted("Not Active", 98, 1140));
    Diagnosis.told(only(check, locked), Verdict.INFO, "1140 of 1410 MHz", "locked");
    TextBox idle = new TextBox().with(SMI, works.formatted("Not Active", 0, 210));
    Diagnosis.told(only(check, idle), Verdict.FAIL, "nothing here shows");
    TextBox hot = new TextBox().with(SMI, works.formatted("Active", 98, 1140));
    Diagnosis.told(only(check, hot), Verdict.FAIL, "nothing here shows");
    TextBox free = new TextBox().with(SMI, works.formatted("Not Active", 98, 1410));
    Diagnosis.told(only(check, free), Verdict.FAIL, "nothing here shows");
  }

  @Test
  void whatAllDrawAtWorstIsHeldAgainstTheSupply() {
    String pg199 =
        "%02d:00.0 3D controller [0302]: NVIDIA Corporation GA100 [10de:20bb] (rev a1)\n";
    String four = pg199.formatted(1) + pg199.formatted(2) + pg199.formatted(3) + pg199.formatted(4);
    TextBox box = new TextBox().with("lspci-nn.txt", four).with("psu.txt", "1400 W\n");
    Diagnosis.told(only(new PowerBudget(), box), Verdict.FAIL, "2400 W", "1400 W");
    String dmi =
        "System Power Supply\n"
            + "\tMax Power Capacity: 2000 W\n"
            + "System Power Supply\n"
            + "\tMax Power Capacity: 2000 W\n";
    TextBox enough = new TextBox().with("lspci-nn.txt", four).with("dmidecode.txt", dmi);
    Diagnosis.told(only(new PowerBudget(), enough), Verdict.OK, "4000 W");
    Diagnosis.told(
        only(new PowerBudget(), new TextBox().with("lspci-nn.txt", four)),
        Verdict.NOT_READ,
        "2400 W");
    String said = "# of the box\npsu.watts = 3000\n";
    enough.with("hardware.properties", said);
    Diagnosis.told(only(new PowerBudget(), enough), Verdict.OK, "3000 W", "2400 W should");
    enough.with("hardware.properties", said + "psu.share=0.75\n");
    Diagnosis.told(only(new PowerBudget(), enough), Verdict.FAIL, "3000 W", "2250 W should");
    TextBox shared = new TextBox().with("lspci-nn.txt", four);
    shared.with("etc/solebox/hardware.properties", "psu.watts=1000\n");
    Diagnosis.told(only(new PowerBudget(), shared), Verdict.FAIL, "1000 W");
    isUnread(new PowerBudget());
  }
}
