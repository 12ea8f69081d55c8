package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Verdict;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GpuPresentTest {
  private static void check(TextBox box, Verdict verdict, String... words) {
    Diagnosis.of(new GpuPresent(), box).is(verdict, words);
  }

  @Test
  void aMachineWithoutOne() {
    check(
        new TextBox()
            .with(
                "lspci-nn.txt",
                "00:00.0 Host bridge [0600]: Intel Corporation Device [8086:6f00]\n"
                    + "08:00.0 VGA compatible controller [0300]: ASPEED Technology [1a03:2000]\n"),
        Verdict.FAIL,
        "None of the 2");
  }

  @Test
  void aMachineWithOne() {
    check(
        new TextBox()
            .with(
                "lspci-nn.txt",
                "01:00.0 3D controller [0302]: NVIDIA Corporation GP102GL [Tesla P40] [10de:1b38]\n"
                    + "01:00.1 Audio device [0403]: NVIDIA Corporation GP102 HDMI [10de:10ef]\n"),
        Verdict.OK,
        "Tesla P40 (10de:1b38) at 0000:01:00.0");
  }

  @Test
  void oneThatIsOffTheBus() {
    byte[] ones = new byte[256];
    Arrays.fill(ones, (byte) 0xff);
    String device = "sys/bus/pci/devices/0000:01:00.0/";
    check(
        new TextBox()
            .with(device + "vendor", "0x10de")
            .with(device + "device", "0x1b38")
            .with(device + "class", "0x030200")
            .with(device + "config", ones),
        Verdict.FAIL,
        "off the bus");
  }

  @Test
  void nothingRead() {
    check(new TextBox(), Verdict.NOT_READ);
  }
}
