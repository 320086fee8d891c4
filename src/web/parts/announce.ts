/** Tells those who hear the page what others see. */
export function announce(sentence: string): void {
  const place = document.getElementById('announcements');
  if (place !== null) place.textContent = sentence;
}
