// A field to sign in with a finger or a pen. The strokes are lists of [x, y] from 0 to 1000.
"use strict";

function signatureField(canvas, strokes, changed) {
  const context = canvas.getContext("2d");
  let current = null;

  function size() {
    const { width, height } = canvas.getBoundingClientRect();
    const density = self.devicePixelRatio || 1;
    if (!width) return;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    draw();
  }

  function draw() {
    const [across, down] = [canvas.width / 1000, canvas.height / 1000];
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = Math.max(2, canvas.width / 200);
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(stroke[0][0] * across, stroke[0][1] * down);
      for (const [x, y] of stroke) context.lineTo(x * across, y * down);
      context.stroke();
    }
  }

  function point(event) {
    const box = canvas.getBoundingClientRect();
    const within = (value) => Math.min(1000, Math.max(0, Math.round(value * 1000)));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = [point(event)];
    strokes.push(current);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current || !event.isPrimary) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const [x, y] = point(each);
      const [lastX, lastY] = current.at(-1);
      if (Math.abs(x - lastX) + Math.abs(y - lastY) >= 4) current.push([x, y]);
    }
    draw();
  });
  const ended = () => {
    if (!current) return;
    current = null;
    changed(strokes);
  };
  canvas.addEventListener("pointerup", ended);
  canvas.addEventListener("pointercancel", ended);
  new ResizeObserver(size).observe(canvas);

  return {
    clear() {
      strokes.length = 0;
      draw();
      changed(strokes);
    },
  };
}
