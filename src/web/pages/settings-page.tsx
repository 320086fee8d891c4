export const SettingsPage = () => <p>Settings</p>;
