// The capture page starts here.
export {};
